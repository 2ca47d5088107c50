import { leafHash, sha256 } from './hashes.ts';
import { jsonbArray } from './jsonb-text.ts';

/** `c` of `changes`, `e` of `events`. */
export type EntrySource = 'c' | 'e';

/** What of an entry stays for good: all but what a person may have typed, or what may name a patient. */
export interface EntryHeader {
  readonly source: EntrySource;
  readonly id: string;
  readonly txid: string;
  /** Microseconds since 1970. */
  readonly micros: string;
  /** The further columns, in the order of `CHANGE_COLUMNS` or `EVENT_COLUMNS`. */
  readonly columns: ReadonlyArray<string | null>;
}

/** What is hashed of a change after its time, in this order; the digest is derived, and filled in later. */
export const CHANGE_COLUMNS = [
  'workspace_id',
  'record_id',
  'version',
  'op',
  'actor',
  'via',
  'operation',
  'import_id',
  'traceparent',
] as const;

/** What is hashed of an event after its time, in this order. */
export const EVENT_COLUMNS = ['workspace_id', 'kind', 'actor', 'session_id', 'address', 'subject'] as const;

/** The columns of a source's entries. */
export const columnsOf = (source: EntrySource): readonly string[] => (source === 'c' ? CHANGE_COLUMNS : EVENT_COLUMNS);

/** What ties an entry to its content without telling it: `content` is the jsonb text of `[before, after]`. */
export function contentCommitment(salt: Uint8Array, content: string): Buffer {
  return sha256(salt, Buffer.from(content, 'utf8'));
}

/** The canonical text of an entry. */
export function entryText({ source, id, txid, micros, columns }: EntryHeader, commitment: Uint8Array): string {
  const committed = Buffer.from(commitment).toString('hex');
  return jsonbArray(['meldesync-entry-1', source, id, txid, micros, ...columns, committed]);
}

/** The leaf of an entry in the tree of its seal. */
export function entryLeaf(header: EntryHeader, commitment: Uint8Array): Buffer {
  return leafHash(entryText(header, commitment));
}
