import type { LockService } from '@meldesync/locks';
import { CLOSE_CODES, type ErrorCode, editRequest, type Problem, type TierMs, toProblem } from '@meldesync/protocol';
import {
  Feeds,
  FramePages,
  NodeLocks,
  NodePresence,
  Session,
  Sessions,
  SharedRoles,
  SnapshotPages,
} from '@meldesync/sync-node/logic';
import { createLogger } from '@meldesync/telemetry';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { ServerSide, SimConnection } from './sim-connection.ts';
import type { SimDatabase } from './sim-database.ts';
import type { SimRedis } from './sim-redis.ts';

export interface SimNodeOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly workspace: string;
  readonly database: SimDatabase;
  readonly redis: SimRedis;
  /** Each byte on a connection counts as so many: buffers fill without megabytes. */
  readonly byteWeight: number;
  /** Whether the node compares its feeds with Redis: a simulation that must fail leaves it out. */
  readonly isComparing: boolean;
  readonly onError: (what: string) => void;
}

/** As in the socket of the node. */
const MAX_BACKPRESSURE_BYTES = 4 * 1024 * 1024;
const IDLE_TIMEOUT_MS = 32_000;
const POSITION_CHECK_MS = 2_000;
const CLOSE_GRACE_MS = 200;

/** A socket as the server sees it. */
interface ServedSocket {
  readonly connection: SimConnection;
  readonly session: Session;
  /** What it is subscribed to; null when it follows nothing. */
  tierMs: TierMs | null;
}

/** A request over HTTP, and whose it is. */
export interface HttpRequest {
  readonly url: URL;
  readonly userId: string;
  /** JSON, empty when there is none. */
  readonly body: string;
}

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const logger = createLogger({ name: 'simulation', level: 'silent', format: 'json' });

/** Nobody locks anything here. */
const NO_LOCKS: LockService = {
  acquire: () => Promise.resolve({ outcome: 'unavailable' }),
  keepAlive: () => Promise.resolve('unavailable'),
  orphan: () => Promise.resolve(),
  resume: () => Promise.resolve('unavailable'),
  release: () => Promise.resolve(),
  takeAway: () => Promise.resolve(undefined),
  read: () => Promise.resolve([]),
};

/**
 * A sync node put together as `startSyncNode` does it. Simulated is what it stands on: sockets with topics and bounded
 * buffers in the place of uWebSockets.js, Redis, Postgres. Its process is the one whose turn it is.
 */
export class SimNode {
  readonly process: SimProcess;
  readonly sessions: Sessions;
  isAccepting = true;
  readonly #options: SimNodeOptions;
  readonly #feeds: Feeds;
  readonly #locks: NodeLocks;
  readonly #presence: NodePresence;
  readonly #snapshots: SnapshotPages;
  readonly #frames: FramePages;
  readonly #roles: SharedRoles;
  readonly #sockets = new Set<ServedSocket>();
  readonly #positionCheck: NodeJS.Timeout;

  constructor(options: SimNodeOptions) {
    this.#options = options;
    const { scheduler, workspace, redis, database } = options;
    this.process = scheduler.current;
    const log = loggerFor(options.onError);
    this.sessions = new Sessions(log);
    const catchUpAll = (): void => {
      if (!options.isComparing) return;
      this.#feeds
        .catchUpAll()
        .catch((error: unknown) => log.error({ err: error }, 'could not compare with the stream'));
    };
    const reader = redis.reader({
      onFrame: (frame) => this.#feeds.receive(workspace, frame),
      onRange: (range) => this.#feeds.receive(workspace, range),
      onState: (message) => {
        this.#locks.receive(workspace, message);
        this.#presence.receive(workspace, message);
      },
      onResubscribed: () => {
        catchUpAll();
        void Promise.all([this.#locks.reload(), this.#presence.reload()]);
      },
    });
    const notify = (_workspace: string, message: string): void => this.#publish(null, message);
    const liveCount = (): number => this.#count(0);
    this.#locks = new NodeLocks({ service: NO_LOCKS, logger: log, publish: notify });
    this.#presence = new NodePresence({ board: redis.board(), logger: log, publish: notify, liveCount });
    this.#feeds = new Feeds({
      facts: database,
      reader,
      logger: log,
      publish: (_workspace, message) => this.#publish(0, message),
      liveCount,
      publishTier: (_workspace, tierMs, message) => this.#publish(tierMs, message),
      tierCount: (_workspace, tierMs) => this.#count(tierMs),
      reset: (reset, reason) => this.sessions.reset(reset, reason),
    });
    this.#snapshots = new SnapshotPages({
      feeds: this.#feeds,
      readPage: (input) => database.readPage(input),
      encode: (json) => Promise.resolve(Buffer.from(json)),
    });
    this.#roles = new SharedRoles(database.sessionData.sessionRoles);
    this.#frames = new FramePages({
      feeds: this.#feeds,
      encode: (json) => Promise.resolve(Buffer.from(json)),
      onEncoded: () => undefined,
    });
    this.#positionCheck = setInterval(catchUpAll, POSITION_CHECK_MS);
  }

  /** Takes a connection in; the session begins when it is known who the client is. */
  accept(connection: SimConnection, userId: string): void {
    const { database, scheduler } = this.#options;
    const early: string[] = [];
    let served: ServedSocket | undefined;
    let isOver = false;
    let heardAt = scheduler.now;
    const waitingForDrain: (() => void)[] = [];
    const endWaiting = (): void => {
      for (const resolve of waitingForDrain.splice(0)) resolve();
    };
    const closed = (code: number): void => {
      isOver = true;
      clearInterval(idle);
      endWaiting();
      if (!served) return;
      this.#sockets.delete(served);
      this.sessions.delete(served.session);
      served.session.closed(code);
    };
    const idle = setInterval(() => {
      // The client's system answers the transport's pings unless nothing reaches it.
      if (connection.isOpen && connection.client.pausedUntil <= scheduler.now) heardAt = scheduler.now;
      if (scheduler.now - heardAt >= IDLE_TIMEOUT_MS) connection.cut();
    }, IDLE_TIMEOUT_MS / 4);
    const side: ServerSide = {
      process: this.process,
      received: (text) => {
        heardAt = scheduler.now;
        if (served) void served.session.receive(text);
        else early.push(text);
      },
      drained: endWaiting,
      closed,
    };
    connection.accept(side);
    void database
      .query(() => ({ userId, name: userId, email: '', sessionId: userId, expiresAt: Number.MAX_SAFE_INTEGER }))
      .then((identity) => {
        if (isOver) return;
        const session = new Session(
          identity,
          this.#transport(connection, waitingForDrain, () => served),
          {
            data: database.sessionData,
            roles: this.#roles,
            feeds: this.#feeds,
            locks: this.#locks,
            presence: this.#presence,
            logger: loggerFor(this.#options.onError),
            nodeName: this.process.name,
            onDiverged: () => this.#options.onError('a client diverged'),
            onSubscribed: () => undefined,
          },
        );
        served = { connection, session, tierMs: null };
        this.#sockets.add(served);
        this.sessions.add(session);
        for (const text of early) void session.receive(text);
      });
  }

  /** Answers what clients ask over HTTP: who they are, pages of snapshot and frames, edits. */
  async answer(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return { status: 200, body: await this.#answerBody(request) };
    } catch (error) {
      const body: Problem = toProblem(codeOf(error), 'en');
      return { status: body.status, body: JSON.stringify(body) };
    }
  }

  async #answerBody({ url: { pathname, searchParams }, userId, body }: HttpRequest): Promise<string> {
    const { workspace, database } = this.#options;
    const after = searchParams.get('after') ?? '0';
    const upto = searchParams.get('upto') ?? undefined;
    const edition = searchParams.get('edition') ?? undefined;
    switch (pathname.split('/').at(-1)) {
      case 'me':
        return database.query(() =>
          JSON.stringify({ user: { id: userId, name: userId, email: `${userId}@example.org` }, workspaces: [] }),
        );
      case 'frames':
        return (await this.#frames.page({ workspace, after, upto })).toString();
      case 'snapshot':
        return (await this.#snapshots.page({ workspace, after: Number(after), limit: 1, edition })).toString();
      case 'edits':
        return this.#edit(userId, body);
      default:
        throw new TypeError(`nobody asks for ${pathname}`);
    }
  }

  async #edit(userId: string, body: string): Promise<string> {
    const { workspace: workspaceId, database } = this.#options;
    const { operation, items } = editRequest.parse(JSON.parse(body));
    const result = await database.sessionData.performEdit({ workspaceId, userId, via: 'web', operation, items });
    return JSON.stringify({ operation, ...result });
  }

  /** Stops as on SIGTERM; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.isAccepting = false;
    await this.sessions.drain();
    await this.#options.scheduler.sleep(CLOSE_GRACE_MS);
    for (const { connection } of this.#sockets) connection.cut();
    clearInterval(this.#positionCheck);
    await this.#presence[Symbol.asyncDispose]();
    await this.#locks[Symbol.asyncDispose]();
    this.sessions[Symbol.dispose]();
  }

  /** Dies as by SIGKILL, or with the whole machine, and then nobody is told. */
  kill(isSilent: boolean): void {
    this.isAccepting = false;
    this.process.isAlive = false;
    for (const { connection } of this.#sockets) {
      if (isSilent) connection.breakSilently();
      else connection.cut();
    }
  }

  #transport(connection: SimConnection, waitingForDrain: (() => void)[], served: () => ServedSocket | undefined) {
    const { byteWeight, onError } = this.#options;
    const isOver = (): boolean => connection.server === undefined || served()?.session.state.name === 'closed';
    const buffered = (): number => connection.queuedBytes * byteWeight;
    return {
      send: (text: string): boolean => {
        const socket = served();
        return !isOver() && socket !== undefined && this.#give(socket, text);
      },
      close: (code: number, reason: string): void => {
        if (code === CLOSE_CODES.slow && buffered() === 0) onError('closed as too slow with nothing unread');
        connection.closeByServer(buffered() > MAX_BACKPRESSURE_BYTES ? 1006 : code, reason);
      },
      bufferedBytes: () => (isOver() ? 0 : buffered()),
      drained: () =>
        new Promise<void>((resolve) => {
          if (isOver()) resolve();
          else waitingForDrain.push(resolve);
        }),
      follow: (_workspace: string, tierMs: TierMs): void => {
        const socket = served();
        if (socket && !isOver()) socket.tierMs = tierMs;
      },
      unfollow: (): void => {
        const socket = served();
        if (socket) socket.tierMs = null;
      },
    };
  }

  /** To the sockets of a tier, or to all that follow. */
  #publish(tierMs: TierMs | null, message: string): void {
    for (const socket of this.#sockets) {
      if (socket.tierMs !== null && (tierMs === null || socket.tierMs === tierMs)) this.#give(socket, message);
    }
  }

  /** False when the socket has left too much unread; then the message is dropped, and the session told a turn later. */
  #give(socket: ServedSocket, text: string): boolean {
    const { connection, session } = socket;
    if (connection.queuedBytes * this.#options.byteWeight > MAX_BACKPRESSURE_BYTES) {
      setImmediate(() => void session.fellBehind());
      return false;
    }
    connection.send(text);
    return true;
  }

  #count(tierMs: TierMs): number {
    let count = 0;
    for (const socket of this.#sockets) if (socket.tierMs === tierMs) count += 1;
    return count;
  }
}

/** Says nothing, but reports what the node takes for an error. */
function loggerFor(onError: (what: string) => void): typeof logger {
  const own = Object.create(logger) as typeof logger;
  own.error = (facts: unknown, text?: string) => {
    const cause = (facts as { err?: unknown }).err;
    onError(`${text ?? ''}: ${cause instanceof Error ? cause.message : String(cause)}`);
  };
  return own;
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  CursorTooOldError: 'cursor-too-old',
  CursorUnknownError: 'cursor-unknown',
  FramesNotReadyError: 'unavailable',
  FeedNotReadyError: 'unavailable',
  SnapshotNotReadyError: 'unavailable',
  // Redis and Postgres that do not answer.
  Error: 'unavailable',
};

/** As the API of the node answers it. */
function codeOf(error: unknown): ErrorCode {
  return (error instanceof Error ? CODES[error.name] : undefined) ?? 'internal';
}
