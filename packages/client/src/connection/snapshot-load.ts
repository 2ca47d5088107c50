import { isRefusal, toSyncError } from '../errors/sync-error.ts';
import { PAGE_LIMIT_MS, type SnapshotLoader } from '../feed/snapshot-loader.ts';
import type { ConnectionEvent } from './states.ts';

interface SnapshotLoadInput {
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
export function createSnapshotLoad({ loader, dispatch, awaitAnswer }: SnapshotLoadInput): SnapshotLoad {
  let current: AbortController | null = null;

  const load = async (own: AbortController): Promise<void> => {
    try {
      await loader.load(own.signal, ({ loaded, total }) => {
        awaitAnswer(PAGE_LIMIT_MS);
        dispatch({ type: 'page-loaded', loaded, total });
      });
      if (current === own) dispatch({ type: 'snapshot-loaded' });
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
      current = new AbortController();
      void load(current);
    },
    abort() {
      current?.abort();
      current = null;
    },
  };
}
