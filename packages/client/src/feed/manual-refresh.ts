import { type Cursor, type FramesPage, parseCursor, type Reset } from '@meldesync/protocol';
import { SyncError } from '../errors/sync-error.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { Feed } from './feed.ts';
import { PAGE_LIMIT_MS, type SnapshotLoader } from './snapshot-loader.ts';

/** Brings the store up to date over HTTP when a person asks for it, beside whatever the connection does (R4.3). */
export interface ManualRefresh {
  /**
   * Resolves once the store holds what had happened when this began, or up to 2 s before that where it took a snapshot,
   * which nodes share for so long. Calls meanwhile share the same work.
   */
  refresh(): Promise<void>;
  /** Ends a running refresh, which then rejects with `unavailable`. */
  stop(): void;
}

interface ManualRefreshInput {
  readonly runtime: ClientRuntime;
  readonly feed: Feed;
  readonly fetchFrames: (after: Cursor, signal: AbortSignal) => Promise<FramesPage>;
  readonly loader: SnapshotLoader;
  /** The store holds what had happened by `at`, in epoch milliseconds, as exactly as `refresh` says. */
  readonly onCurrent: (at: number) => void;
  /** More or less than before is still to be fetched (R3.5). */
  readonly onFetching: () => void;
  /**
   * The feed cannot be continued, and the snapshot that was to mend it was not to be had: a connection that follows the feed would
   * apply nothing of it any more.
   */
  readonly onLost: () => void;
  /** It has ended, in one way or the other but `stop`: what the feed had skipped may be there to be fetched again. */
  readonly onEnd: () => void;
}

/** Makes a refresh that is not running. It fetches what was missed, or a snapshot where that is not to be had. */
export function createManualRefresh(input: ManualRefreshInput): ManualRefresh {
  const { runtime, feed, fetchFrames, loader, onCurrent } = input;
  /** How much is still to be fetched, as it was last told. */
  let toldFetching = 0;
  let isStopped = false;
  let running: { readonly done: Promise<void>; readonly controller: AbortController } | null = null;

  const tellFetching = (): void => {
    if (feed.fetching === toldFetching) return;
    toldFetching = feed.fetching;
    input.onFetching();
  };

  /** True when the store has everything there was; false when the feed cannot be continued. */
  const catchUp = async (signal: AbortSignal, onPage: () => void): Promise<boolean> => {
    for (let after = feed.continuation; after; after = feed.continuation) {
      const page = await fetchPage(fetchFrames, after, signal);
      onPage();
      // The feed was reset meanwhile, or went on in another epoch: this page says nothing of where it stands now.
      if (feed.continueIn(parseCursor(after).epoch) === null) continue;
      if (typeof page === 'string') {
        feed.reset(page);
        return false;
      }
      const outcome = feed.receive(page.frames);
      if (outcome === 'diverged') feed.reset('unknown');
      if (outcome === 'unreadable') feed.reset('too-old');
      tellFetching();
      if (outcome !== 'whole') return false;
      if (page.next === null) return true;
      // A page that leads nowhere would be asked for for ever.
      if (feed.continuation === after) return false;
    }
    return false;
  };

  const run = async ({ signal }: AbortController, abort: () => void): Promise<void> => {
    const startedAt = runtime.now();
    toldFetching = feed.fetching;
    let timer = runtime.setTimeout(abort, PAGE_LIMIT_MS);
    const onPage = (): void => {
      runtime.clearTimeout(timer);
      timer = runtime.setTimeout(abort, PAGE_LIMIT_MS);
    };
    try {
      if (!(await catchUp(signal, onPage))) {
        // Pages of a snapshot that was interrupted would be older than what this promises.
        loader.discard();
        await loader.load(signal, onPage);
      }
      onCurrent(startedAt);
    } catch (error) {
      if (!isStopped && feed.cursor !== null && feed.continuation === null) input.onLost();
      throw error;
    } finally {
      tellFetching();
      runtime.clearTimeout(timer);
      running = null;
      if (!isStopped) input.onEnd();
    }
  };

  return {
    refresh() {
      if (!running) {
        isStopped = false;
        const controller = new AbortController();
        const abort = (): void => controller.abort(new SyncError('unavailable'));
        running = { controller, done: run(controller, abort) };
      }
      return running.done;
    },
    stop() {
      isStopped = true;
      running?.controller.abort(new SyncError('unavailable'));
    },
  };
}

/** What follows on a cursor, or why that is not to be had. */
async function fetchPage(
  fetchFrames: ManualRefreshInput['fetchFrames'],
  after: Cursor,
  signal: AbortSignal,
): Promise<FramesPage | Reset['reason']> {
  try {
    const page = await fetchFrames(after, signal);
    signal.throwIfAborted();
    return page;
  } catch (error) {
    const code = error instanceof SyncError ? error.code : null;
    if (code === 'cursor-unknown') return 'unknown';
    // An answer that cannot be read would be the same again (P45).
    const isUnreadable = error instanceof SyncError && code === 'internal' && error.problem === null;
    if (code === 'cursor-too-old' || isUnreadable) return 'too-old';
    throw error;
  }
}
