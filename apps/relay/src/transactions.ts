import type { FramePosition, ReportUnreadable } from '@meldesync/protocol';
import { epochMs } from '@meldesync/telemetry';
import type { Confirmer } from './confirmer.ts';
import { type BuiltFrame, FrameBuilder } from './frame-builder.ts';
import type { FrameOrigin } from './frame-journey.ts';
import { EpochOverError } from './pass-errors.ts';
import type { PassPublisher } from './publisher.ts';
import { originOf } from './put-back.ts';
import type { ReplicationHandlers } from './replication/replication-stream.ts';

export interface TransactionsOptions {
  readonly publisher: PassPublisher;
  readonly confirmer: Confirmer;
  /** More changes than this of one workspace make a large transaction (R3.5). */
  readonly rangeThreshold: number;
  /** What the epoch's beginning holds; null where it has none. */
  readonly baseSnapshot: string | null;
  /** A subscription brings the history, whose rows bear the ids of another server's transactions. */
  readonly isFollowing: boolean;
  readonly onSent: (frame: BuiltFrame) => void;
  /** A change cannot be read, and is left out. */
  readonly onUnreadable: ReportUnreadable;
  /** Ends the pass. */
  readonly fail: (error: Error) => void;
}

const NOTHING: ReadonlyMap<string, FramePosition> = new Map();

/** Makes frames of the transactions that come from the log, and publishes them. */
export function publishTransactions(options: TransactionsOptions): Omit<ReplicationHandlers, 'onStart' | 'onCanary'> {
  const { publisher, confirmer, rangeThreshold, baseSnapshot, isFollowing, onSent, onUnreadable, fail } = options;
  let builder: FrameBuilder | undefined;
  /** Where the workspaces stand in the transaction under way. */
  const moved = new Map<string, FramePosition>();
  /** When the transaction under way was committed, and its first change read. */
  let began: Omit<FrameOrigin, 'traceparent'> = { committedAt: 0, readAt: 0 };
  const send = (frame: BuiltFrame): void => {
    const { traceparent } = frame;
    if (!publisher.publish(frame, { ...began, traceparent })) return;
    moved.set(frame.workspace, frame.id);
    onSent(frame);
  };

  return {
    onChange: ({ commitLsn, xid, committedAt }, row) => {
      const origin = isFollowing ? 'new' : originOf(row.txid, xid, baseSnapshot);
      if (origin === 'put-back') fail(new EpochOverError('history-put-back', 'changes were put back into the history'));
      if (origin !== 'new') return undefined;
      if (!builder) {
        builder = new FrameBuilder(commitLsn, rangeThreshold, onUnreadable);
        began = { committedAt, readAt: epochMs() };
      }
      const full = builder.add(row);
      if (!full) return undefined;
      send(full);
      // Within the transaction too: it may be larger than what memory holds.
      return publisher.throttle();
    },
    onCommit: (_transaction, endLsn) => {
      for (const frame of builder?.finish() ?? []) send(frame);
      builder = undefined;
      confirmer.handled(endLsn, moved);
      moved.clear();
      return publisher.throttle();
    },
    onIdle: (lsn) => confirmer.handled(lsn, NOTHING),
  };
}
