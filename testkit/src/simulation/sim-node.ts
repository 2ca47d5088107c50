import type { BusFrame } from '@meldesync/bus';
import { NO_LOCKS } from '@meldesync/locks';
import { comparePositions, editRequest, toProblem } from '@meldesync/protocol';
import { type BusListener, NodeCore, type NodeRuntime, stopServing, UNLIMITED } from '@meldesync/sync-node/logic';
import { EVENTS, type Logger } from '@meldesync/telemetry';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimConnection } from './sim-connection.ts';
import type { SimDatabase } from './sim-database.ts';
import type { SimRedis } from './sim-redis.ts';
import { SimSocket, SimTopics } from './sim-socket.ts';
import { simulatedRuntime } from './simulated-runtime.ts';

export interface SimNodeOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly workspace: string;
  readonly database: SimDatabase;
  readonly redis: SimRedis;
  /** Each byte on a connection counts as so many: buffers fill without megabytes. */
  readonly byteWeight: number;
  readonly onError: (what: string) => void;
  /** How often another of its place comes to life after it has crashed. */
  readonly livesLeft: number;
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

/** The database says how many records a page has. */
const ANY_LIMIT = 2_000;

/** Well beyond what it takes to read on from the stream, and less than until the next comparison with it. */
const HELD_WITHIN_MS = 1_000;

/**
 * The core of a sync node on what is simulated: sockets, Redis, Postgres, time, and HTTP without its form. Its process is the
 * one whose turn it is.
 */
export class SimNode {
  readonly process: SimProcess;
  isAccepting = true;
  readonly #options: SimNodeOptions;
  readonly #runtime: NodeRuntime;
  readonly #topics = new SimTopics();
  readonly #core: NodeCore;
  readonly #answering = new Set<Promise<HttpAnswer>>();

  constructor(options: SimNodeOptions) {
    this.#options = options;
    const { scheduler, redis, database, random } = options;
    this.process = scheduler.current;
    const onError = (what: string): void => this.#failed(what);
    this.#runtime = simulatedRuntime(scheduler, this.process, random);
    this.#core = new NodeCore({
      name: this.process.name,
      runtime: this.#runtime,
      logger: loggerFor((error) => database.troubleOf(error) !== undefined, onError),
      database,
      topics: this.#topics,
      openReader: (listener) => redis.reader(this.#watched(listener)),
      lockService: NO_LOCKS,
      board: redis.board(),
      level: () => 'normal',
      encode: (json) => Promise.resolve(Buffer.from(json)),
      observer: {
        onMessage: nothing,
        onReconnect: nothing,
        onClosed: nothing,
        onDropped: nothing,
        onFrames: nothing,
        onSnapshotQuery: nothing,
        onFramePage: nothing,
        onDiverged: () => onError('a client diverged'),
        onSubscribed: nothing,
        onCaughtUp: nothing,
        onMerged: nothing,
        onLockAsked: nothing,
        onLockEnded: nothing,
        onUnreadable: ({ place }) => onError(`unreadable: ${place}`),
      },
    });
  }

  get livesLeft(): number {
    return this.#options.livesLeft;
  }

  /** How many connections it has. */
  get connections(): number {
    return this.#core.connections.size;
  }

  /** Takes a connection in. */
  accept(connection: SimConnection, userId: string): void {
    const { database, byteWeight, scheduler } = this.#options;
    const identity = { ...UNLIMITED, userId, name: userId, email: '', sessionId: userId };
    const socket = new SimSocket({
      connection,
      topics: this.#topics,
      process: this.process,
      runtime: this.#runtime,
      byteWeight,
      onError: (what) => this.#failed(what),
      leave: (what) => scheduler.leave(what),
    });
    socket.start((opened) =>
      this.#core.reception.open(opened, async () => ({
        isAdmitted: true,
        identity: await database.query('identity', () => identity),
      })),
    );
  }

  /** Answers what clients ask over HTTP: who they are, pages of snapshot and frames, edits. */
  answer(request: HttpRequest): Promise<HttpAnswer> {
    const answer = this.#answer(request);
    this.#answering.add(answer);
    void answer.finally(() => this.#answering.delete(answer));
    return answer;
  }

  /** Stops as on SIGTERM; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    const door = {
      shut: () => {
        this.isAccepting = false;
      },
      answered: (timeoutMs: number) => Promise.race([Promise.all(this.#answering), this.#runtime.sleep(timeoutMs)]),
      cut: () => {
        for (const socket of this.#topics.sockets) socket.cut();
      },
    };
    await stopServing(door, this.#core.reception, this.#runtime);
    await this.#core[Symbol.asyncDispose]();
  }

  /** Dies as by SIGKILL, or with the whole machine, and then nobody is told. */
  kill(isSilent: boolean): void {
    this.isAccepting = false;
    this.process.isAlive = false;
    for (const socket of this.#topics.sockets) socket.lose(isSilent);
  }

  /** What goes wrong in a process that has ended is nobody's. */
  #failed(what: string): void {
    if (this.process.isAlive) this.#options.onError(what);
  }

  /** What a node hears it must have soon: one that does not read on where it must would lag until something else makes it. */
  #watched(listener: BusListener): BusListener {
    const { scheduler } = this.#options;
    let isLooking = false;
    return {
      ...listener,
      onFrame: (workspace, frame) => {
        listener.onFrame(workspace, frame);
        if (isLooking) return;
        isLooking = true;
        const heardAt = scheduler.now;
        scheduler.after(HELD_WITHIN_MS, this.process, () => {
          isLooking = false;
          if (this.process.pausedUntil < heardAt) this.#checkHeld(frame);
        });
      },
    };
  }

  #checkHeld({ epoch, id }: BusFrame): void {
    const { redis, database, workspace } = this.#options;
    if (!this.isAccepting || !redis.service.isWell || !database.service.isWell) return;
    this.#core.feeds.open(workspace).then((feed) => {
      if (feed.epoch === epoch && comparePositions(feed.position, id) < 0)
        this.#failed(`it stands at ${feed.position} though it heard ${id}`);
    }, nothing);
  }

  async #answer(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return { status: 200, body: await this.#answerBody(request) };
    } catch (error) {
      const { code, extra, level } = this.#core.answers.judgeFailure(error);
      if (level === 'error') this.#failed(`request failed: ${String(error)}`);
      const problem = toProblem(code, 'en', extra);
      return { status: problem.status, body: JSON.stringify(problem) };
    }
  }

  async #answerBody({ url: { pathname, searchParams }, userId, body }: HttpRequest): Promise<string> {
    const { workspace } = this.#options;
    const { answers } = this.#core;
    const after = searchParams.get('after') ?? '0';
    const upto = searchParams.get('upto') ?? undefined;
    const edition = searchParams.get('edition') ?? undefined;
    switch (pathname.split('/').at(-1)) {
      case 'me':
        return JSON.stringify(await answers.me({ ...UNLIMITED, userId, name: userId, email: `${userId}@example.org` }));
      case 'frames':
        return (await answers.framesPage({ workspace, after, upto })).toString();
      case 'snapshot':
        return (await answers.snapshotPage({ workspace, after: Number(after), limit: ANY_LIMIT, edition })).toString();
      case 'edits': {
        const { operation, items } = editRequest.parse(JSON.parse(body));
        return JSON.stringify({
          operation,
          outcomes: await answers.edit({ workspaceId: workspace, userId, operation, items }),
        });
      }
      default:
        throw new TypeError(`nobody asks for ${pathname}`);
    }
  }
}

/** Says nothing, but reports what the node takes for an error, unless a server was away. */
function loggerFor(isOutage: (error: unknown) => boolean, onError: (what: string) => void): Logger {
  return {
    level: 'silent',
    debug: nothing,
    switchDebug: nothing,
    onLine: nothing,
    event: (name, fields, ...[given]) => {
      if ((given ?? EVENTS[name].level) !== 'error') return;
      const cause = 'err' in fields ? fields.err : undefined;
      if (!isOutage(cause)) onError(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
    },
  };
}

/** What is counted is looked at by nobody. */
function nothing(): void {}
