import type { BegunExport, DetailedEntry } from '@meldesync/db';
import type { ErrorCode } from '@meldesync/protocol';

/** What an export says of itself. */
export interface ExportContext {
  readonly begun: BegunExport;
  readonly language: 'de' | 'en';
  /** Address that people open: what makes ids of here unique elsewhere. */
  readonly baseUrl: string;
  readonly version: string;
}

/** How an export is written. Whoever reads it can tell by its end whether it is whole. */
export interface ExportFormat {
  readonly contentType: string;
  /** Of a file's name. */
  readonly extension: string;
  readonly begin: () => string;
  /** `index` counts entries from 0. */
  readonly entry: (entry: DetailedEntry, index: number) => string;
  readonly end: (count: number) => string;
  /** In place of `end`, where something broke. */
  readonly cutOff: (count: number, code: ErrorCode) => string;
}
