import { isOverdue } from '@meldesync/db';
import { FeedNotReadyError } from './feed/feeds.ts';
import { FramesNotReadyError } from './frames/frame-pages.ts';
import { SnapshotNotReadyError } from './snapshot/snapshot-pages.ts';

const NOT_READY = [FeedNotReadyError, SnapshotNotReadyError, FramesNotReadyError];

/**
 * Whether what failed passes by itself, so that the same request may succeed later (`unavailable`): the feed or a commit
 * was not there yet, or Postgres gave up waiting for what someone else has locked.
 */
export function passes(error: unknown): boolean {
  return isOverdue(error) || NOT_READY.some((notReady) => error instanceof notReady);
}
