import type { Backoff } from '@meldesync/protocol';
import { isRefusal, toSyncError } from '../errors/sync-error.ts';
import { PAGE_LIMIT_MS, type SnapshotLoader } from '../feed/snapshot-loader.ts';
import { backoffMs } from '../timing/backoff.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { Facts } from './facts.ts';
import type { ConnectionEvent } from './states.ts';

/**
 * A snapshot may be one that others have taken up to 2 s before, and lead to the same message that could not be read: the next one
 * that is taken for that waits until it cannot be.
 */
const RENEW_PAUSE_MS = 2_500;

/**
 * One that did not lead to a store that is live is followed by another after a while: a node that hears nothing cannot go on from what
 * another gave, which may be given again for 2 s.
 */
const AGAIN: Backoff = { minMs: 250, firstMaxMs: 1_000, maxMs: 2_500 };

interface SnapshotLoadInput {
  readonly runtime: Pick<ClientRuntime, 'now' | 'random' | 'setTimeout' | 'clearTimeout'>;
  readonly facts: Pick<Facts, 'isUnreadable' | 'renewedAt' | 'snapshots'>;
  readonly loader: SnapshotLoader;
  readonly dispatch: (event: ConnectionEvent) => void;
  /** Something must come within this time. */
  readonly awaitAnswer: (limitMs: number) => void;
}

/** The snapshot that a connection loads: one at a time, which ends with the connection. */
export interface SnapshotLoad {
  start(): void;
  /** Nothing is heard of it any more. */
  abort(): void;
}

/** Makes one that loads nothing. */
export function createSnapshotLoad({ runtime, facts, loader, dispatch, awaitAnswer }: SnapshotLoadInput): SnapshotLoad {
  let current: AbortController | null = null;
  let pause: unknown = null;

  /** How long it waits before it is asked for. */
  const delayMs = (): number => Math.max(untilRenewedMs(), againMs());
  const againMs = (): number => (facts.snapshots === 0 ? 0 : backoffMs(facts.snapshots, runtime.random(), AGAIN));
  const untilRenewedMs = (): number => {
    if (!facts.isUnreadable) return 0;
    facts.isUnreadable = false;
    const now = runtime.now();
    const delay = Math.max(0, facts.renewedAt + RENEW_PAUSE_MS - now);
    facts.renewedAt = now + delay;
    return delay;
  };

  const load = async (own: AbortController): Promise<void> => {
    try {
      await loader.load(own.signal, ({ loaded, total }) => {
        awaitAnswer(PAGE_LIMIT_MS);
        dispatch({ type: 'page-loaded', loaded, total });
      });
      if (current !== own) return;
      facts.snapshots += 1;
      dispatch({ type: 'snapshot-loaded' });
    } catch (error) {
      if (current !== own) return;
      const failure = toSyncError(error);
      const { code, retryAfterMs } = failure;
      dispatch({ type: 'snapshot-failed', code, retryable: !isRefusal(failure), retryAfterMs });
    }
  };

  return {
    start() {
      awaitAnswer(PAGE_LIMIT_MS);
      const own = new AbortController();
      current = own;
      const delay = delayMs();
      if (delay === 0) void load(own);
      else pause = runtime.setTimeout(() => void load(own), delay);
    },
    abort() {
      if (pause !== null) runtime.clearTimeout(pause);
      pause = null;
      current?.abort();
      current = null;
    },
  };
}
