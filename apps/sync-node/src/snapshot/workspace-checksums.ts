import { type ChecksumAnswer, formatCursor } from '@meldesync/protocol';
import { BoundedCache } from '../bounded-cache.ts';
import type { Feeds } from '../feed/feeds.ts';
import type { NodeRuntime } from '../runtime.ts';
import { SharedAnswers } from '../shared-answers.ts';

/** For so long what was read counts for who asks at the same position of the feed. */
export const CHECKSUM_KEPT_MS = 2_000;
/** Workspaces of which one is kept. */
const MAX_KEPT = 1_000;

export interface WorkspaceChecksumsOptions {
  readonly feeds: Pick<Feeds, 'open'>;
  /** Reads all records of a workspace. */
  readonly read: (workspace: string) => Promise<{ readonly checksum: number; readonly records: number }>;
  readonly runtime: Pick<NodeRuntime, 'monotonicMs'>;
}

/**
 * What workspaces add up to in Postgres and in the feed. All records are read for it, at most once at a time for a workspace, and again only when the
 * feed has gone on or `CHECKSUM_KEPT_MS` are over: what was changed past the feed shows after that.
 */
export class WorkspaceChecksums {
  readonly #options: WorkspaceChecksumsOptions;
  readonly #kept: BoundedCache<ChecksumAnswer>;
  readonly #answers: SharedAnswers<ChecksumAnswer>;

  constructor(options: WorkspaceChecksumsOptions) {
    this.#options = options;
    this.#kept = new BoundedCache({
      maxBytes: MAX_KEPT,
      keepMs: CHECKSUM_KEPT_MS,
      renewedByUse: false,
      runtime: options.runtime,
    });
    this.#answers = new SharedAnswers((workspace) => this.#make(workspace));
  }

  ask(workspace: string): Promise<ChecksumAnswer> {
    return this.#answers.ask(workspace);
  }

  async #make(workspace: string): Promise<ChecksumAnswer> {
    const feed = await this.#options.feeds.open(workspace);
    const { checksum } = feed;
    const cursor = formatCursor(feed.epoch, feed.position);
    const kept = this.#kept.get(workspace);
    if (kept?.cursor === cursor) return kept;
    const { checksum: database, records } = await this.#options.read(workspace);
    const answer = { cursor, feed: checksum, database, records };
    this.#kept.set(workspace, answer, 1);
    return answer;
  }
}
