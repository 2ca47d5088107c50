import { SyncError } from '../errors/sync-error.ts';
import type { ClientRuntime } from '../types.ts';
import { PAGE_LIMIT_MS, type SnapshotLoader } from './snapshot-loader.ts';

/** Takes snapshots when a person asks for one, beside whatever the connection does. */
export interface ManualRefresh {
  /** Resolves once the store is up to date; calls meanwhile share the same snapshot. */
  refresh(): Promise<void>;
  /** Ends a running refresh, which then rejects with `unavailable`. */
  stop(): void;
}

interface ManualRefreshInput {
  readonly runtime: ClientRuntime;
  readonly loader: SnapshotLoader;
  /** The store holds everything that had happened by `at`, in epoch milliseconds. */
  readonly onCurrent: (at: number) => void;
}

/** Makes a refresh that is not running. */
export function createManualRefresh({ runtime, loader, onCurrent }: ManualRefreshInput): ManualRefresh {
  let running: { readonly done: Promise<void>; readonly controller: AbortController } | null = null;

  const run = async (controller: AbortController): Promise<void> => {
    const startedAt = runtime.now();
    const abort = (): void => controller.abort(new SyncError('unavailable'));
    let timer = runtime.setTimeout(abort, PAGE_LIMIT_MS);
    // Pages of one that was interrupted would be older than what it promises.
    loader.discard();
    try {
      await loader.load(controller.signal, () => {
        runtime.clearTimeout(timer);
        timer = runtime.setTimeout(abort, PAGE_LIMIT_MS);
      });
      onCurrent(startedAt);
    } finally {
      runtime.clearTimeout(timer);
      running = null;
    }
  };

  return {
    refresh() {
      if (!running) {
        const controller = new AbortController();
        running = { controller, done: run(controller) };
      }
      return running.done;
    },
    stop() {
      running?.controller.abort(new SyncError('unavailable'));
    },
  };
}
