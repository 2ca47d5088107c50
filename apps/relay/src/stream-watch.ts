import type { RelayFeed, StreamEnd } from '@meldesync/bus';
import { comparePositions, type FramePosition, ORIGIN } from '@meldesync/protocol';
import { answerInTime } from './answer-in-time.ts';
import { EntriesLostError, EpochOverError, TakenOverError } from './pass-errors.ts';
import type { PassPublisher } from './publisher.ts';
import { repeat } from './repeat.ts';

const INTERVAL_MS = 1_000;
/** How many streams are looked at in a round of those that have moved since … */
const MOVED_PER_ROUND = 200;
/** … and one of the others each third round: what they hold is confirmed, and nothing could bring it back. */
const ROUNDS_TO_REST = 3;

/** What the end of a stream is held against. */
export interface StreamJudge {
  readonly publisher: PassPublisher;
  /** All frames of commits before this LSN (decimal) have been published. */
  readonly handledLsn: () => string;
  /** Where Postgres' log ends, as a decimal LSN. */
  readonly logEnd: () => Promise<string>;
}

export interface StreamWatchOptions extends StreamJudge {
  readonly feed: RelayFeed;
  readonly epoch: string;
  readonly signal: AbortSignal;
  readonly redisTimeoutMs: number;
}

/**
 * Looks at the end of each stream once after it has moved, and in turn, also of those that nobody writes to. Rejects when one lost entries, and when one
 * holds what the log does not have.
 */
export async function watchStreams(options: StreamWatchOptions): Promise<void> {
  const looked = new Map<string, FramePosition>();
  let turn: string[] = [];
  let round = 0;
  await repeat(INTERVAL_MS, options.signal, async () => {
    const positions = options.publisher.positions();
    const moved = [...positions].filter(([workspace, position]) => looked.get(workspace) !== position);
    if (turn.length === 0) turn = [...positions.keys()];
    const due = new Set([
      ...moved.slice(0, MOVED_PER_ROUND).map(([workspace]) => workspace),
      ...turn.splice(0, round++ % ROUNDS_TO_REST === 0 ? 1 : 0),
    ]);
    for (const workspace of due) looked.set(workspace, positions.get(workspace) ?? ORIGIN);
    await Promise.all([...due].map((workspace) => checkStream(options, workspace)));
  });
}

/** Looks at the end of one stream, in the same way. */
export async function checkStream(options: StreamWatchOptions, workspace: string): Promise<void> {
  const { feed, publisher, epoch, redisTimeoutMs } = options;
  const sent = publisher.sentPosition(workspace);
  const end = await answerInTime(feed.checkStream(epoch, workspace), redisTimeoutMs);
  await judgeStreamEnd(options, workspace, sent, end);
}

/**
 * Holds what Redis has at the end of a workspace's stream against the log and what this pass had sent when it asked. Throws
 * `TakenOverError`, `EntriesLostError` and `EpochOverError`.
 */
export async function judgeStreamEnd(
  options: StreamJudge,
  workspace: string,
  sent: FramePosition | undefined,
  end: StreamEnd,
): Promise<void> {
  if (end.kind === 'fenced') throw new TakenOverError();
  if (end.kind === 'damaged') throw new EntriesLostError(`Redis lost entries of ${workspace}`);
  // What this pass has not sent may be from before the confirmed position: nothing can bring it back.
  const newest = end.kind === 'newest' ? end.id : ORIGIN;
  if (sent !== undefined && comparePositions(newest, sent) < 0)
    throw new EntriesLostError(`Redis lacks the end of ${workspace}`);
  if (await isBeyondLog(options, workspace, newest))
    throw new EpochOverError('log-set-back', `Redis holds frames of ${workspace} that the log does not have`);
}

/**
 * Whether the log has no such frame. A stream may be ahead of the relay that reads the log once more, and of one that has just
 * been replaced.
 */
async function isBeyondLog(
  { publisher, handledLsn, logEnd }: StreamJudge,
  workspace: string,
  newest: FramePosition,
): Promise<boolean> {
  const isAhead = () => comparePositions(publisher.positions().get(workspace) ?? newest, newest) < 0;
  if (!isAhead()) return false;
  const commitLsn = BigInt(newest.split('-')[0] ?? '0');
  if (BigInt(handledLsn()) > commitLsn) return isAhead();
  return commitLsn > BigInt(await logEnd());
}
