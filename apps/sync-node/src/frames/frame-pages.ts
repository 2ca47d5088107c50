import type { BusFrame } from '@meldesync/bus';
import {
  type Cursor,
  comparePositions,
  type FramePosition,
  type FramesPage,
  formatCursor,
  parseCursor,
} from '@meldesync/protocol';
import { BoundedCache } from '../bounded-cache.ts';
import { CodedError } from '../coded-error.ts';
import type { Feeds } from '../feed/feeds.ts';
import { mergeFrames } from '../feed/merge-frames.ts';
import { readFrames } from '../feed/read-frames.ts';
import type { WorkspaceFeed } from '../feed/workspace-feed.ts';
import type { NodeRuntime } from '../runtime.ts';

/** Characters of the frames of a page: a client is never busy with one for long (R3.5). */
const PAGE_CHARACTERS = 256 * 1024;
/** How many frames are asked of Redis at a time: few at first, for each may be as large as a page. */
const FIRST_READ = 4;
const MAX_READ = 256;
/** A page that nobody has asked for so long is forgotten. */
const KEEP_MS = 60_000;
/** Compressed bytes of all pages; the ones that nobody has asked for longest go first. */
const MAX_BYTES = 32 * 1024 * 1024;

export interface FramesRequest {
  readonly workspace: string;
  readonly after: Cursor;
  /** What the client knows to be there; where the node stands when absent. */
  readonly upto?: FramePosition | undefined;
}

/** It is a cursor of another epoch. */
export class CursorUnknownError extends CodedError {
  constructor() {
    super('cursor-unknown', 'the cursor is none of this feed');
  }
}

/** What follows on the cursor is not kept, or cannot be read. */
export class CursorTooOldError extends CodedError {
  constructor() {
    super('cursor-too-old', 'the frames after this cursor are not kept');
  }
}

/** Redis does not have yet what another node has told of. */
export class FramesNotReadyError extends CodedError {
  constructor() {
    super('unavailable', 'the stream does not reach as far as was asked for');
  }
}

interface Page {
  readonly body: Buffer;
  /** Position of the last frame. */
  readonly end: FramePosition;
  /** Whether it ends where it does for its size. */
  readonly isFull: boolean;
}

export interface FramePagesOptions {
  readonly feeds: Feeds;
  readonly runtime: NodeRuntime;
  /** Whether this node does not hear what happens. */
  readonly isStale: () => boolean;
  /** Compresses a page. */
  readonly encode: (json: string) => Promise<Buffer>;
  /** Called for each page that is read and encoded. */
  readonly onEncoded: () => void;
}

/**
 * Pages of what follows on a cursor, each read, merged, encoded and compressed once for all who ask (R3.5, R4.2): of a range
 * notice every client asks for the same ones at the same time. A page reaches as far as the stream does or as it may be
 * long, so one that was made for somebody else serves all who know of no more than it holds.
 */
export class FramePages {
  readonly #options: FramePagesOptions;
  /** By workspace and cursor. */
  readonly #pages: BoundedCache<Promise<Page>>;

  constructor(options: FramePagesOptions) {
    this.#options = options;
    this.#pages = new BoundedCache({
      maxBytes: MAX_BYTES,
      keepMs: KEEP_MS,
      renewedByUse: true,
      runtime: options.runtime,
    });
  }

  /**
   * A page as gzipped JSON. Throws `CursorTooOldError`, `CursorUnknownError`, `FramesNotReadyError` and `FeedNotReadyError`. `made` hears how many
   * milliseconds it took where it was made for this request.
   */
  async page(
    { workspace, after, upto }: FramesRequest,
    made: (tookMs: number) => void = () => undefined,
  ): Promise<Buffer> {
    const feed = await this.#options.feeds.open(workspace);
    const { epoch, position } = parseCursor(after);
    if (epoch !== feed.epoch) throw new CursorUnknownError();
    // Who asks for all there is (P38) gets it from the database: the feed ends here before that.
    if (upto === undefined && this.#options.isStale()) throw new CursorTooOldError();
    // It may come from a node that is a moment ahead of this one.
    if (comparePositions(position, feed.position) > 0) await feed.catchUp();
    // Only for longer than a request should last; whoever took it for unknown would go back to what this node has.
    if (comparePositions(position, feed.position) > 0) throw new FramesNotReadyError();
    const goal = upto ?? feed.position;
    if (comparePositions(goal, position) <= 0) return this.#options.encode(pageJson([], null, goal));
    const key = `${workspace} ${after}`;
    for (let known = this.#pages.get(key); known; known = this.#pages.get(key)) {
      const { body, end, isFull } = await known;
      if (isFull || comparePositions(end, goal) >= 0) return body;
      // It was made before the goal was there. Whoever comes first makes a newer one for all.
      this.#pages.drop(key, known);
    }
    const begunAt = this.#options.runtime.monotonicMs();
    const { body, end, isFull } = await this.#make(key, feed, position);
    made(this.#options.runtime.monotonicMs() - begunAt);
    if (!isFull && comparePositions(end, goal) < 0) throw new FramesNotReadyError();
    return body;
  }

  async #make(key: string, feed: WorkspaceFeed, position: FramePosition): Promise<Page> {
    this.#options.onEncoded();
    const page = readPage(feed, position, this.#options.encode);
    this.#pages.set(key, page, 0);
    try {
      const { body } = await page;
      this.#pages.resize(key, page, body.byteLength);
      return await page;
    } catch (error) {
      this.#pages.drop(key, page);
      throw error;
    }
  }
}

async function readPage(feed: WorkspaceFeed, after: FramePosition, encode: FramePagesOptions['encode']): Promise<Page> {
  const frames: BusFrame[] = [];
  let position = after;
  let characters = 0;
  let isAtEnd = false;
  for (let count = FIRST_READ; characters < PAGE_CHARACTERS && !isAtEnd; count = Math.min(4 * count, MAX_READ)) {
    const read = await feed.readAfter(position, count);
    isAtEnd = read.length < count;
    for (const frame of read) {
      if (frame.prev !== position) throw new CursorTooOldError();
      if (characters >= PAGE_CHARACTERS) {
        isAtEnd = false;
        break;
      }
      frames.push(frame);
      characters += frame.json.length;
      position = frame.id;
    }
  }
  const parsed = readFrames(frames);
  if (!parsed) throw new CursorTooOldError();
  const merged = mergeFrames(parsed);
  // The stream has lost its end: the relay fills it again, and the chain will tell whether it still joins on.
  if (!merged) throw new FramesNotReadyError();
  const head = isAtEnd || comparePositions(position, feed.position) > 0 ? position : feed.position;
  const next = head === position ? null : formatCursor(feed.epoch, position);
  return { body: await encode(pageJson([merged], next, head)), end: position, isFull: !isAtEnd };
}

function pageJson(frames: FramesPage['frames'], next: Cursor | null, head: FramePosition): string {
  const page: FramesPage = { frames, next, head };
  return JSON.stringify(page);
}
