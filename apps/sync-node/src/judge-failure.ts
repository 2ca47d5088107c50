import { isOutage, isOverdue } from '@meldesync/db';
import { FeedNotReadyError } from './feed/feeds.ts';
import { FramesNotReadyError } from './frames/frame-pages.ts';
import { SnapshotNotReadyError } from './snapshot/snapshot-pages.ts';

const NOT_READY = [FeedNotReadyError, SnapshotNotReadyError, FramesNotReadyError];

/** What a request that failed is answered with, and how loudly that is logged. */
interface Failure {
  /** `unavailable` passes by itself: the same request may succeed later. */
  readonly code: 'unavailable' | 'internal';
  readonly level: 'debug' | 'warn' | 'error';
}

/**
 * Judges why a request failed: the feed or a commit was not there yet, or Postgres gave up waiting for what someone else has
 * locked, which is daily business; Postgres could not be reached or broke off, which an operator wants to know; or there is
 * a mistake in the program.
 */
export function judgeFailure(error: unknown): Failure {
  if (isOverdue(error) || NOT_READY.some((notReady) => error instanceof notReady))
    return { code: 'unavailable', level: 'debug' };
  return isOutage(error) ? { code: 'unavailable', level: 'warn' } : { code: 'internal', level: 'error' };
}
