import { SyncError } from '@meldesync/client';

/** How many seconds an error asks to wait, of too many tries; null where it is none of these, or does not say. */
export function refusedFor(error: unknown): number | null {
  if (!(error instanceof SyncError) || error.code !== 'rate-limited' || error.retryAfterMs === null) return null;
  return Math.ceil(error.retryAfterMs / 1_000);
}

/** The same of an answer (`Retry-After`). */
export function answerRefusedFor({ status, headers }: Pick<Response, 'status' | 'headers'>): number | null {
  const seconds = headers.get('retry-after') ?? '';
  return status === 429 && /^\d{1,6}$/.test(seconds) ? Number(seconds) : null;
}
