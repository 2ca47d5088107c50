import type { SnapshotPageInput, SnapshotPageResult } from '@meldesync/db';
import {
  type Cursor,
  formatCursor,
  keepReadable,
  parseCursor,
  type ReportUnreadable,
  type SnapshotPage,
  type SyncedRecord,
  syncedRecord,
} from '@meldesync/protocol';
import { BoundedCache } from '../bounded-cache.ts';
import { CodedError } from '../coded-error.ts';
import type { Feeds } from '../feed/feeds.ts';
import type { WorkspaceFeed } from '../feed/workspace-feed.ts';
import { listInPieces } from '../list-in-pieces.ts';
import type { NodeRuntime } from '../runtime.ts';

/** How often and how long to wait for a commit that is in the feed but not yet visible; usually microseconds. */
const VISIBILITY_ATTEMPTS = 200;
const VISIBILITY_DELAY_MS = 5;
/** Who asks for a first page within this time gets the same edition; what happened since comes to them as frames. */
const EDITION_MS = 2_000;
/** An edition that nobody has asked for so long is forgotten. */
const KEEP_MS = 60_000;
/** For so long a count of a workspace's records is good, which tells how far a client is, and nothing else. */
const COUNT_KEPT_MS = 2_000;
/** Workspaces whose counts are kept. */
const MAX_COUNTS = 1_000;
/** Bytes of what is known of all editions beside their pages. */
const MAX_EDITION_BYTES = 16 * 1024 * 1024;
const EDITION_BYTES = 300;
const TRANSACTION_BYTES = 30;
/** Compressed bytes of all pages; the ones that nobody has asked for longest go first, and are read again where somebody still needs them. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;

export interface PageRequest {
  readonly workspace: string;
  readonly after: number;
  readonly limit: number;
  /** That of the first page; the answer is of the same one if this node still has it, and newer otherwise. */
  readonly edition?: string | undefined;
}

/** A commit that the feed has told of did not become visible: the database is in trouble. */
export class SnapshotNotReadyError extends CodedError {
  constructor() {
    super('unavailable', 'a commit that is in the feed did not become visible in time');
  }
}

interface Edition {
  readonly id: string;
  readonly workspace: string;
  readonly epoch: string;
  readonly cursor: Cursor;
  readonly mustHold: readonly string[];
  readonly startedAt: number;
  /** How many records there were; undefined before its first page is read. */
  total: number | undefined;
}

export interface SnapshotPagesOptions {
  readonly feeds: Feeds;
  readonly runtime: NodeRuntime;
  /** Reads a page from Postgres. */
  readonly readPage: (input: SnapshotPageInput) => Promise<SnapshotPageResult>;
  /** Makes the body of an answer of a page's JSON. */
  readonly encode: (json: string) => Promise<Buffer>;
  readonly onUnreadable: ReportUnreadable;
}

function keyOf(workspace: string, edition: string): string {
  return `${workspace} ${edition}`;
}

/** Whether who takes a snapshot of this cursor can go on from it: not once the stream has broken off since. */
function canContinue(feed: WorkspaceFeed, cursor: Cursor): boolean {
  const { position } = parseCursor(cursor);
  return position === feed.position || feed.recent.after(position) !== undefined;
}

/**
 * Pages of the workspaces' states, each read, encoded and compressed once for all who ask within a short while (R4.2):
 * when a thousand clients need a snapshot, Postgres is asked as if it were one.
 *
 * An edition has one cursor, taken before any of its pages is read. Every page holds at least what the cursor covers, and
 * what came later arrives again as frames, which the records' versions make harmless. So an edition is known for as long as somebody reads it,
 * however large it is: a page of it that is not kept any more is read once more.
 */
export class SnapshotPages {
  readonly #options: SnapshotPagesOptions;
  /** By workspace and id. */
  readonly #editions: BoundedCache<Edition>;
  /** By edition and place. */
  readonly #pages: BoundedCache<Promise<Buffer>>;
  /** The edition that a first page is answered from, by workspace. */
  readonly #current = new Map<string, string>();
  readonly #counts: BoundedCache<{ readonly total: number }>;

  constructor(options: SnapshotPagesOptions) {
    this.#options = options;
    this.#editions = new BoundedCache({
      maxBytes: MAX_EDITION_BYTES,
      keepMs: KEEP_MS,
      renewedByUse: true,
      runtime: options.runtime,
    });
    this.#pages = new BoundedCache({
      maxBytes: MAX_PAGE_BYTES,
      keepMs: KEEP_MS,
      renewedByUse: true,
      runtime: options.runtime,
    });
    this.#counts = new BoundedCache({
      maxBytes: MAX_COUNTS,
      keepMs: COUNT_KEPT_MS,
      renewedByUse: false,
      runtime: options.runtime,
    });
  }

  /**
   * A page as encoded JSON. Throws `FeedNotReadyError` and `SnapshotNotReadyError`. `made` hears how many milliseconds it took where it was made for
   * this request.
   */
  async page(request: PageRequest, made: (tookMs: number) => void = () => undefined): Promise<Buffer> {
    const edition = await this.#editionFor(request);
    const key = `${edition.workspace} ${edition.id} ${edition.startedAt} ${request.after}:${request.limit}`;
    const known = this.#pages.get(key);
    if (known) return known;
    const begunAt = this.#options.runtime.monotonicMs();
    const reading = this.#read(edition, request);
    this.#pages.set(key, reading, 1);
    try {
      const page = await reading;
      made(this.#options.runtime.monotonicMs() - begunAt);
      this.#pages.resize(key, reading, page.byteLength);
      return page;
    } catch (error) {
      this.#pages.drop(key, reading);
      throw error;
    }
  }

  /**
   * A client needs a snapshot for what the feed has told of: what was read before that is no longer given to who comes now. Of many
   * who need one together the first makes it.
   */
  renew(workspace: string): void {
    const edition = this.#editions.get(keyOf(workspace, this.#current.get(workspace) ?? ''));
    if (edition && parseCursor(edition.cursor).position !== this.#options.feeds.flush(workspace)) {
      this.#current.delete(workspace);
    }
  }

  /** What was read so far is no longer given to who comes now. */
  forget(workspace: string): void {
    this.#current.delete(workspace);
  }

  async #editionFor({ workspace, after, edition: wanted }: PageRequest): Promise<Edition> {
    const feed = await this.#options.feeds.open(workspace);
    const now = this.#options.runtime.monotonicMs();
    const id = wanted ?? this.#current.get(workspace);
    const known = id === undefined ? undefined : this.#editions.get(keyOf(workspace, id));
    const isUsable =
      known?.epoch === feed.epoch &&
      (wanted !== undefined || (after === 0 && now - known.startedAt < EDITION_MS && canContinue(feed, known.cursor)));
    if (isUsable) return known;
    const edition: Edition = {
      // Of one that another node has, or that was over, those who read on are of one edition again.
      id: wanted ?? this.#options.runtime.randomId(),
      workspace,
      epoch: feed.epoch,
      // First the cursor, then the state: what is committed in between is in both.
      cursor: formatCursor(feed.epoch, feed.position),
      mustHold: feed.recent.transactions(),
      startedAt: now,
      total: undefined,
    };
    const bytes = EDITION_BYTES + TRANSACTION_BYTES * edition.mustHold.length;
    this.#editions.set(keyOf(workspace, edition.id), edition, bytes);
    if (after === 0) this.#current.set(workspace, edition.id);
    return edition;
  }

  async #read(edition: Edition, { after, limit }: PageRequest): Promise<Buffer> {
    const { id, workspace, cursor, mustHold } = edition;
    for (let attempt = 0; attempt < VISIBILITY_ATTEMPTS; attempt++) {
      const counted = edition.total ?? this.#counts.get(workspace)?.total;
      const page = await this.#options.readPage({ workspaceId: workspace, mustHold, after, limit, total: counted });
      if (page.visible) {
        const { next, total } = page;
        edition.total ??= total;
        if (counted === undefined) this.#counts.set(workspace, { total }, 1);
        return this.#options.encode(await this.#write({ cursor, edition: id, next, total }, page.records, workspace));
      }
      await this.#options.runtime.sleep(VISIBILITY_DELAY_MS);
    }
    throw new SnapshotNotReadyError();
  }

  /** The page as JSON, made in pieces: between them others have their turn. */
  async #write(
    page: Omit<SnapshotPage, 'records' | 'unreadable'>,
    records: readonly SyncedRecord[],
    workspace: string,
  ): Promise<string> {
    const unreadable: { id: number; version: number }[] = [];
    const list = await listInPieces(records, this.#options.runtime, (piece) =>
      keepReadable(syncedRecord, piece, ({ id: record, version }, reason) => {
        this.#options.onUnreadable({ place: 'record', workspace, record, reason });
        unreadable.push({ id: record, version });
      }),
    );
    const rest = JSON.stringify({ ...page, ...(unreadable.length > 0 ? { unreadable } : {}) });
    return `${rest.slice(0, -1)},"records":${list}}`;
  }
}
