import { type FramesPage, parseCursor } from '@meldesync/protocol';
import { isRefusal, SyncError, toSyncError } from '../errors/sync-error.ts';
import { backoffMs } from '../timing/backoff.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { Feed, MissingRange } from './feed.ts';
import { PAGE_LIMIT_MS } from './snapshot-loader.ts';

/** Fetches what the feed has skipped (R3.5): oldest first, one page at a time, beside whatever the connection does. */
export interface RangePuller {
  /** There may be something to fetch. */
  wake(): void;
  /** As `wake`, at a random moment within so many milliseconds: many others are told at the same time (P62). */
  wakeWithin(spreadMs: number): void;
  /** There is reason to try at once what failed. */
  retry(): void;
  stop(): void;
}

interface RangePullerInput {
  readonly runtime: ClientRuntime;
  readonly feed: Feed;
  readonly fetchPage: (missing: MissingRange, signal: AbortSignal) => Promise<FramesPage>;
  /** A page was applied: less is missing. */
  readonly onProgress: () => void;
  /** The server no longer has what is missing. */
  readonly onTooOld: () => void;
  /** With the page the store does not add up to what the server has. */
  readonly onDiverged: () => void;
}

/**
 * So often in a row the service may say that it cannot give a page yet. It may have lost it for good, with a stream that nobody
 * fills again; a snapshot holds what is in it, too.
 */
const MAX_UNAVAILABLE = 4;

/**
 * Makes a puller at rest. It tries on with backoff, also without a connection; after a refusal it waits for the next call. Long
 * because its methods share what they close over.
 */
export function createRangePuller(input: RangePullerInput): RangePuller {
  const { runtime, feed } = input;
  let pulling: AbortController | null = null;
  let timer: unknown = null;
  let failures = 0;
  /** Answers in a row that a page cannot be given; a request that reached nobody is none. */
  let denials = 0;

  const disarm = (): void => {
    if (timer !== null) runtime.clearTimeout(timer);
    timer = null;
  };

  const succeeded = (): void => {
    failures = 0;
    denials = 0;
  };

  /** What the page is for may be gone by now: the epoch, or the whole of what the cursor was of. */
  const isWanted = ({ after }: MissingRange): boolean => feed.continueIn(parseCursor(after).epoch) !== null;

  const failed = (error: SyncError, missing: MissingRange): void => {
    if (!isWanted(missing)) {
      // It says nothing of what is missing now, which waits for nobody else.
      succeeded();
      wake();
      return;
    }
    failures += 1;
    denials = error.problem?.code === 'unavailable' ? denials + 1 : 0;
    // An answer that cannot be read would be the same again (P45).
    const isUnreadable = error.code === 'internal' && error.problem === null;
    if (
      isUnreadable ||
      error.code === 'cursor-too-old' ||
      error.code === 'cursor-unknown' ||
      denials > MAX_UNAVAILABLE
    ) {
      denials = 0;
      input.onTooOld();
    } else if (!isRefusal(error)) {
      timer = runtime.setTimeout(retry, Math.max(backoffMs(failures, runtime.random()), error.retryAfterMs ?? 0));
    }
  };

  const pull = async (missing: MissingRange): Promise<void> => {
    const controller = new AbortController();
    pulling = controller;
    const limit = runtime.setTimeout(() => controller.abort(new SyncError('unavailable')), PAGE_LIMIT_MS);
    let failure: SyncError | null = null;
    try {
      const page = await input.fetchPage(missing, controller.signal);
      if (pulling === controller && isWanted(missing)) apply(page, missing);
    } catch (error) {
      failure = toSyncError(error);
    }
    runtime.clearTimeout(limit);
    if (pulling !== controller) return;
    pulling = null;
    if (failure) failed(failure, missing);
    else wake();
  };

  function apply(page: FramesPage, { after }: MissingRange): void {
    const outcome = feed.receive(page.frames);
    if (outcome === 'diverged' || outcome === 'unreadable') {
      succeeded();
      if (outcome === 'diverged') input.onDiverged();
      else input.onTooOld();
      return;
    }
    // A page that leads nowhere is asked for again, but not at once.
    if (feed.cursor === after) throw new SyncError('unavailable');
    succeeded();
    input.onProgress();
  }

  function wake(): void {
    const { missing } = feed;
    if (missing && !pulling && timer === null) void pull(missing);
  }

  function retry(): void {
    disarm();
    wake();
  }

  return {
    wake,
    wakeWithin(spreadMs) {
      if (spreadMs === 0) wake();
      else if (!pulling && timer === null) timer = runtime.setTimeout(retry, spreadMs * runtime.random());
    },
    retry,
    stop() {
      disarm();
      pulling?.abort(new SyncError('unavailable'));
      pulling = null;
      succeeded();
    },
  };
}
