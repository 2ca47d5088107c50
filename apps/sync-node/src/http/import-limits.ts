import type { WaitingImports } from '@meldesync/db';

/** What an import may be, and how much may wait for one. */
export interface ImportLimits {
  /** Largest file. */
  readonly maxBytes: number;
  /** Files of a workspace that wait or are worked through at the same time, and their size together. */
  readonly maxWaitingFiles: number;
  readonly maxWaitingBytes: number;
}

/** One person may fill so much of what a workspace may have waiting: the rest is for the others. */
const SHARE_OF_ONE = 0.5;

/**
 * Whether a workspace takes more files; one of which nothing waits takes any request. Files that come at the same moment do not see each other, so a few more than the limit may
 * be taken.
 */
export function mayWait(
  limits: ImportLimits,
  waiting: { readonly all: WaitingImports; readonly own: WaitingImports },
  added: WaitingImports,
): boolean {
  const fits = ({ files, bytes }: WaitingImports, share: number) =>
    files === 0 ||
    (files + added.files <= limits.maxWaitingFiles * share && bytes + added.bytes <= limits.maxWaitingBytes * share);
  return fits(waiting.all, 1) && fits(waiting.own, SHARE_OF_ONE);
}
