import type { Origin } from '@meldesync/db';
import type { LockService, StoredLock } from '@meldesync/locks';
import type { LockEnd } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { Trail } from '../audit/trail.ts';
import type { NodeRuntime } from '../runtime.ts';
import { lockLost, lockReleased } from './lock-notices.ts';

/** A heartbeat that follows the one before so soon says nothing new. */
const KEEP_ALIVE_EVERY_MS = 2_000;

interface KeptLock {
  readonly workspace: string;
  lock: StoredLock;
  /** Of the connection that it was granted or given to, for the trail. */
  readonly origin: Origin;
  /** The connection it was taken over from. News of that one is older than this. */
  readonly from: string | undefined;
  keptAt: number;
  /** What is being done with it; operations on one lock follow each other. */
  busy: Promise<void>;
  isBusy: boolean;
}

export interface KeptLocksOptions {
  readonly service: LockService;
  readonly runtime: NodeRuntime;
  readonly logger: Logger;
  /** A lock could not be kept alive: it is somebody else's, or another connection's. */
  readonly onLost: (workspace: string, lock: StoredLock) => void;
  /** A lock of one of this node's clients is over. */
  readonly onEnded: (reason: LockEnd | 'lost') => void;
  readonly trail: Trail;
}

/** Why a node gives the locks of a connection back. */
export type ReleaseReason = 'connection-closed' | 'role-changed';

/**
 * The locks that this node keeps alive for its connections. It forgets one as soon as it hears that another connection
 * has it or that it was ended, and clears away what an operation under way may have written after that.
 */
export class KeptLocks {
  readonly #service: LockService;
  readonly #runtime: NodeRuntime;
  readonly #logger: Logger;
  readonly #onLost: KeptLocksOptions['onLost'];
  readonly #onEnded: KeptLocksOptions['onEnded'];
  readonly #trail: Trail;
  readonly #kept = new Map<string, KeptLock>();
  /** Ids of the locks of each connection that has some. */
  readonly #byConnection = new Map<string, Set<string>>();
  /** The locks whose clients may come back for them, by id: nobody else tells of their end. */
  readonly #orphaned = new Map<string, KeptLock>();
  /** Workspaces whose locks are being read. */
  readonly #paused = new Set<string>();
  readonly #running = new Set<Promise<void>>();

  constructor({ service, runtime, logger, onLost, onEnded, trail }: KeptLocksOptions) {
    this.#service = service;
    this.#runtime = runtime;
    this.#logger = logger;
    this.#onLost = onLost;
    this.#onEnded = onEnded;
    this.#trail = trail;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Whether a lock of a workspace is kept alive here, or waits for its client to come back. */
  isKeeping(workspace: string): boolean {
    return [...this.#kept.values(), ...this.#orphaned.values()].some((kept) => kept.workspace === workspace);
  }

  /** Locks that a connection holds. */
  of(connection: string): StoredLock[] {
    return [...(this.#byConnection.get(connection) ?? [])].flatMap((id) => this.#kept.get(id)?.lock ?? []);
  }

  /** Locks that connections of a person hold here. */
  ofPerson(workspace: string, user: string): StoredLock[] {
    return [...this.#kept.values()].flatMap((kept) =>
      kept.workspace === workspace && kept.lock.user === user ? [kept.lock] : [],
    );
  }

  /**
   * Lets the heartbeats of a workspace wait until it is disposed of, so that none writes what has been read as gone; the next
   * ones catch up. `underWay` resolves when those have been answered that were sent before; undefined if there are none.
   */
  pause(workspace: string): Disposable & { readonly underWay: Promise<unknown> | undefined } {
    this.#paused.add(workspace);
    const busy = [...this.#kept.values()].filter((kept) => kept.workspace === workspace && kept.isBusy);
    return {
      underWay: busy.length > 0 ? Promise.all(busy.map((kept) => kept.busy)) : undefined,
      [Symbol.dispose]: () => void this.#paused.delete(workspace),
    };
  }

  /** Keeps a lock alive from now on for a connection; `from` is the one that had it before. */
  keep(
    workspace: string,
    lock: StoredLock,
    { origin, from }: { readonly origin: Origin; readonly from?: string },
  ): void {
    const before = this.#kept.get(lock.lock);
    if (before) this.#forget(before);
    this.#orphaned.delete(lock.lock);
    const keptAt = this.#runtime.monotonicMs();
    this.#kept.set(lock.lock, { workspace, lock, origin, from, keptAt, busy: Promise.resolve(), isBusy: false });
    const ids = this.#byConnection.get(lock.connection) ?? new Set();
    this.#byConnection.set(lock.connection, ids.add(lock.lock));
  }

  /** The connection showed a sign of life. */
  heard(connection: string): void {
    const ids = this.#byConnection.get(connection);
    if (!ids) return;
    const now = this.#runtime.monotonicMs();
    for (const id of ids) {
      const kept = this.#kept.get(id);
      if (!kept || now - kept.keptAt < KEEP_ALIVE_EVERY_MS || this.#paused.has(kept.workspace)) continue;
      kept.keptAt = now;
      this.#run(kept, async () => {
        const answer = await this.#service.keepAlive(kept.workspace, kept.lock);
        if (answer === 'lost') this.#lose(kept);
        else if (answer !== 'unavailable') kept.lock = answer;
      });
    }
  }

  /** The connection is gone; its client may come back for the locks. */
  orphan(connection: string): void {
    for (const kept of this.#forgetAll(connection)) {
      this.#orphaned.set(kept.lock.lock, kept);
      this.#run(kept, () => this.#service.orphan(kept.workspace, kept.lock));
    }
  }

  /** The connection is gone for good, or may no longer hold locks. */
  releaseAll(connection: string, reason: ReleaseReason): void {
    for (const kept of this.#forgetAll(connection)) {
      this.#onEnded('released');
      this.#run(kept, async () => {
        const isReleased = await this.#service.release(kept.workspace, kept.lock);
        if (isReleased) this.#trail.note(lockReleased(kept.workspace, kept.lock, kept.origin, reason));
      });
    }
  }

  /** A view heard how a lock stands: with another connection it is no longer ours. */
  set(lock: StoredLock): void {
    if (!lock.orphaned) this.#orphaned.delete(lock.lock);
    const kept = this.#kept.get(lock.lock);
    if (kept && kept.lock.connection !== lock.connection && kept.from !== lock.connection) this.#forget(kept);
  }

  /** A lock is gone. */
  ended(id: string, reason: LockEnd): void {
    const orphaned = this.#orphaned.get(id);
    this.#orphaned.delete(id);
    const kept = this.#kept.get(id);
    const ended = kept ?? orphaned;
    if (ended) this.#onEnded(reason);
    // Of every other end who ended it has told.
    if (ended && reason === 'expired') this.#trail.note(lockLost(ended.workspace, ended.lock, ended.origin, reason));
    if (!kept) return;
    this.#forget(kept);
    this.#run(kept, async () => void (await this.#service.release(kept.workspace, kept.lock)));
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #run(kept: KeptLock, operation: () => Promise<void>): void {
    const done = kept.busy
      .then(operation)
      .catch((error: unknown) => {
        // The lock then ends with its time, and the version check protects the data all the same.
        this.#logger.event('lock-unanswered', { err: error });
      })
      .finally(() => {
        this.#running.delete(done);
        if (kept.busy === done) kept.isBusy = false;
      });
    kept.busy = done;
    kept.isBusy = true;
    this.#running.add(done);
  }

  #lose(kept: KeptLock): void {
    const isKept = this.#kept.get(kept.lock.lock) === kept;
    this.#forget(kept);
    if (!isKept) return;
    this.#onEnded('lost');
    this.#trail.note(lockLost(kept.workspace, kept.lock, kept.origin, 'lost'));
    this.#onLost(kept.workspace, kept.lock);
  }

  #forget(kept: KeptLock): void {
    const { lock, connection } = kept.lock;
    if (this.#kept.get(lock) === kept) this.#kept.delete(lock);
    const ids = this.#byConnection.get(connection);
    ids?.delete(lock);
    if (ids?.size === 0) this.#byConnection.delete(connection);
  }

  #forgetAll(connection: string): KeptLock[] {
    const all = [...(this.#byConnection.get(connection) ?? [])].flatMap((id) => this.#kept.get(id) ?? []);
    for (const kept of all) this.#forget(kept);
    return all;
  }
}
