import { ActUnrecordedError, authorOf, NOWHERE, type Origin } from '@meldesync/db';
import type { LivingLock, LockClaim, LockEvent, LockService, StoredLock } from '@meldesync/locks';
import type { EndedLock, LockEnd, Locks, RecordLock } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { RecordWith, Trail } from '../audit/trail.ts';
import type { LockCheck } from '../edits/lock-check.ts';
import type { NodeRuntime } from '../runtime.ts';
import { EndsMeanwhile } from './ends-meanwhile.ts';
import { KeptLocks, type ReleaseReason } from './kept-locks.ts';
import { lockReleased, lockTaken, lockTakenAway } from './lock-notices.ts';
import { LockQuestions } from './lock-questions.ts';
import { asRecordLock, LockView } from './lock-view.ts';
import { wouldBeTooMuch } from './most-of-a-person.ts';

export { lockEvent } from '@meldesync/locks';

/** An act that is not carried out, for it cannot be put on record. */
class UnrecordedError extends Error {
  constructor(options: ErrorOptions) {
    super('taking a lock away cannot be put on record', options);
  }
}

/** Redis did not do it. */
class NotTakenAwayError extends Error {
  constructor(cause: unknown) {
    super('a lock could not be taken away', { cause });
  }
}

/** The lock was gone before. */
class AlreadyOverError extends Error {}

/** A connection as far as its locks are concerned. */
export interface LockHolder {
  readonly workspace: string;
  readonly user: string;
  readonly instance: string;
  readonly connection: string;
  /** For the trail. */
  readonly origin: Origin;
}

export type LockOutcome =
  | { readonly outcome: 'granted'; readonly lock: RecordLock }
  | { readonly outcome: 'held'; readonly locks: readonly RecordLock[] }
  | { readonly outcome: 'refused'; readonly code: 'locks-unavailable' | 'too-many-locks' };

export type UnlockOutcome = 'unlocked' | 'lock-not-found' | 'forbidden' | 'locks-unavailable';

/** What is counted of locks. */
export interface LockObserver {
  /** A lock of one of this node's clients is over; `lost`: it was gone in Redis, and nothing was heard of its end. */
  readonly onLockEnded: (reason: LockEnd | 'lost') => void;
}

export interface NodeLocksOptions {
  readonly service: LockService;
  readonly runtime: NodeRuntime;
  readonly logger: Logger;
  readonly onLockEnded: LockObserver['onLockEnded'];
  readonly trail: Trail;
  /** Puts on record that a lock is taken away, and has it done. */
  readonly recordWith: RecordWith;
  /** Gives a `locks` message to all live clients of a workspace. */
  readonly publish: (workspace: string, message: string) => void;
}

interface FollowedWorkspace {
  readonly view: LockView;
  /** Changes that the clients have not been told of. */
  pending: { set: Map<string, RecordLock>; ended: EndedLock[] } | undefined;
  loading: Promise<void> | undefined;
  /** Events that came while the state was read. */
  heard: LockEvent[];
}

/**
 * The record locks at this node (R1.4, R2.3): what its clients hold and ask for, and what they see of everyone's. Edits
 * are checked against them, but never wait for a Redis that is away: then the version check alone protects the data.
 */
export class NodeLocks implements LockCheck, AsyncDisposable {
  readonly #service: LockService;
  readonly #runtime: NodeRuntime;
  readonly #logger: Logger;
  readonly #publish: NodeLocksOptions['publish'];
  readonly #trail: Trail;
  readonly #recordWith: RecordWith;
  readonly #kept: KeptLocks;
  readonly #meanwhile = new EndsMeanwhile();
  readonly #ofPeople = new LockQuestions();
  readonly #workspaces = new Map<string, FollowedWorkspace>();

  constructor({ service, runtime, logger, publish, onLockEnded, trail, recordWith }: NodeLocksOptions) {
    this.#service = service;
    this.#runtime = runtime;
    this.#logger = logger;
    this.#publish = publish;
    this.#trail = trail;
    this.#recordWith = recordWith;
    this.#kept = new KeptLocks({
      service,
      runtime,
      logger,
      trail,
      onEnded: onLockEnded,
      // It never rejects: what cannot be read is logged where it is read.
      onLost: (workspace, lock) => void this.#lost(workspace, lock),
    });
  }

  /** How many locks this node keeps alive. */
  get held(): number {
    return this.#kept.size;
  }

  /** Begins to follow a workspace, whose events must already be heard. Resolves when its locks are known, if they can be. */
  async open(workspace: string): Promise<void> {
    const known = this.#workspaces.get(workspace);
    if (known) return known.loading;
    const followed: FollowedWorkspace = {
      view: new LockView({
        runtime: this.#runtime,
        onChange: (change) => this.#tell(workspace, followed, change),
        onEnded: (end) => {
          this.#meanwhile.ended(end);
          this.#kept.ended(end.lock, end.reason);
        },
        onSet: (lock) => {
          this.#meanwhile.written(lock.lock);
          this.#kept.set(lock);
        },
      }),
      pending: undefined,
      loading: undefined,
      heard: [],
    };
    this.#workspaces.set(workspace, followed);
    return this.#load(workspace, followed);
  }

  /** Whether there is a lock of somebody who is or was connected here, whose end is to be told by this node. */
  isKeeping(workspace: string): boolean {
    return this.#kept.isKeeping(workspace);
  }

  /** Follows a workspace no longer. */
  close(workspace: string): void {
    this.#workspaces.get(workspace)?.view[Symbol.dispose]();
    this.#workspaces.delete(workspace);
  }

  /** Takes an event from the bus. */
  receive(workspace: string, event: LockEvent): void {
    const followed = this.#workspaces.get(workspace);
    if (!followed) return;
    if (followed.loading) followed.heard.push(event);
    else followed.view.receive(event);
  }

  /** Events may have been missed: the state is read again. */
  async reload(): Promise<void> {
    await Promise.all([...this.#workspaces].map(([workspace, followed]) => this.#load(workspace, followed)));
  }

  /**
   * All locks of a workspace, as the first message of a live client: JSON. Those of its connection are named also while the news
   * of their grant is still on its way, so that one which is missing is over (P30).
   */
  current(workspace: string, connection: string): string {
    const view = this.#workspaces.get(workspace)?.view;
    const unheard = this.#kept.of(connection).filter(({ lock }) => !view?.get(lock));
    const set = [...(view?.all() ?? []), ...unheard.map((lock) => asRecordLock({ ...lock, endsInMs: 0 }))];
    return locksMessage({ full: true, set, ended: [] });
  }

  async heldByOthers(
    workspace: string,
    records: readonly number[],
    user: string,
  ): Promise<ReadonlyMap<number, RecordLock>> {
    const wanted = new Set(records);
    const held = new Map<number, RecordLock>();
    for (const lock of await this.#read(workspace, records)) {
      if (lock.user === user) continue;
      for (const record of lock.records) if (wanted.has(record)) held.set(record, lock);
    }
    return held;
  }

  /** The locks of a workspace, from Redis where it answers. */
  list(workspace: string): Promise<RecordLock[]> {
    return this.#read(workspace);
  }

  /** Takes a lock; takes nothing over once `isWanted` says that nobody waits for the answer any more, and with `keepsOwn` nothing at all. */
  async acquire(
    holder: LockHolder,
    records: readonly number[],
    { isWanted = () => true, keepsOwn = false }: Pick<LockClaim, 'isWanted' | 'keepsOwn'> = {},
  ): Promise<LockOutcome> {
    const held = this.#kept.of(holder.connection);
    const same = held.find((lock) => isSameSet(lock.records, records));
    if (same) return { outcome: 'granted', lock: asRecordLock({ ...same, endsInMs: 0 }) };
    const { workspace, origin, ...client } = holder;
    using asking = this.#ofPeople.ask(holder, records);
    if (this.#hasTooMuch(holder, asking.all)) return { outcome: 'refused', code: 'too-many-locks' };
    const onTakenOver = (lock: StoredLock) => this.#trail.note(lockReleased(workspace, lock, origin, 'taken-over'));
    const claim: LockClaim = { workspace, ...client, records, isWanted, keepsOwn, onTakenOver };
    try {
      return await this.#meanwhile.during(
        () => this.#service.acquire(claim),
        (answer, endOf) => {
          if (answer.outcome === 'unavailable') return { outcome: 'refused', code: 'locks-unavailable' };
          if (answer.outcome === 'held') return { outcome: 'held', locks: answer.locks.map(asRecordLock) };
          const { endsInMs: _, ...lock } = answer.lock;
          this.#kept.keep(holder.workspace, lock, { origin });
          this.#trail.note(lockTaken(workspace, lock, origin));
          const end = endOf(lock.lock);
          if (end) {
            this.#kept.ended(end.lock, end.reason);
            this.#tellEnd(holder.workspace, end);
          }
          return { outcome: 'granted', lock: asRecordLock(answer.lock) };
        },
      );
    } catch (error) {
      this.#logger.event('lock-not-taken', { err: error });
      return { outcome: 'refused', code: 'locks-unavailable' };
    }
  }

  /** Whether a person would have too much with what they ask for. */
  #hasTooMuch({ workspace, user }: LockHolder, asked: readonly (readonly number[])[]): boolean {
    const view = this.#workspaces.get(workspace)?.view;
    const own = new Map(view?.find((lock) => lock.user === user).map((lock) => [lock.lock, lock]));
    // News of what was just granted here is still on its way.
    for (const lock of this.#kept.ofPerson(workspace, user)) own.set(lock.lock, lock);
    return wouldBeTooMuch(own.values(), { questions: asked.length, records: new Set(asked.flat()) });
  }

  /** Ends a lock of the person's own, or, for an admin, anyone's. Throws the database's errors where that cannot be put on record. */
  async end(
    who: { readonly workspace: string; readonly user: string; readonly isAdmin: boolean; readonly origin: Origin },
    id: string,
  ): Promise<UnlockOutcome> {
    try {
      const lock = (await this.#service.read(who.workspace)).find((candidate) => candidate.lock === id);
      if (!lock) return 'lock-not-found';
      const isOwn = lock.user === who.user;
      if (!isOwn && !who.isAdmin) return 'forbidden';
      if (isOwn) await this.#release(who, lock);
      else if (!(await this.#takeAway(who, lock))) return 'lock-not-found';
      // This node hears of it a moment later, and must not grant it again until then.
      this.#kept.ended(id, isOwn ? 'released' : 'taken-away');
      if (!isOwn) this.#logger.event('lock-taken-away', { workspace: who.workspace, lock: id, user: who.user });
      return 'unlocked';
    } catch (error) {
      if (error instanceof UnrecordedError) throw error.cause;
      this.#logger.event('lock-not-ended', { err: error });
      return 'locks-unavailable';
    }
  }

  async #release({ workspace, origin }: { readonly workspace: string; readonly origin: Origin }, lock: StoredLock) {
    const isReleased = await this.#service.release(workspace, lock);
    if (isReleased) this.#trail.note(lockReleased(workspace, lock, origin, 'released'));
  }

  /** False when there was none any more. Throws an `UnrecordedError` when it cannot be put on record: then it stays, or that is said. */
  async #takeAway(
    { workspace, user, origin }: { readonly workspace: string; readonly user: string; readonly origin: Origin },
    lock: StoredLock,
  ): Promise<boolean> {
    const record = { author: authorOf(user, origin), event: lockTakenAway(workspace, lock) };
    try {
      await this.#recordWith(record, async () => {
        const ended = await this.#service.takeAway(workspace, lock.lock, `user:${user}`).catch((error: unknown) => {
          throw new NotTakenAwayError(error);
        });
        if (!ended) throw new AlreadyOverError();
      });
      return true;
    } catch (error) {
      if (error instanceof AlreadyOverError) return false;
      if (error instanceof NotTakenAwayError) throw error;
      if (error instanceof ActUnrecordedError) this.#trail.untold('lock-taken-away');
      throw new UnrecordedError({ cause: error });
    }
  }

  /** A client is back with another connection: the locks that waited for it are its own again. */
  async resume(holder: LockHolder): Promise<void> {
    const followed = this.#workspaces.get(holder.workspace);
    // What is heard while the state is read counts only after it.
    await followed?.loading;
    const waiting = followed?.view.ofInstance(holder.user, holder.instance) ?? [];
    await Promise.all(waiting.map((lock) => this.#resume(holder, lock)));
  }

  /** A connection showed a sign of life. */
  heard(connection: string): void {
    this.#kept.heard(connection);
  }

  /** A connection is over. Its client may come back for the locks unless it left for good. */
  closed(connection: string, isForGood: boolean, reason: ReleaseReason = 'connection-closed'): void {
    if (isForGood) this.#kept.releaseAll(connection, reason);
    else this.#kept.orphan(connection);
  }

  /**
   * Ends the locks of a person that wait for a connection of theirs, where they may not edit any more: nobody comes back for them. Those of
   * connections end with these. `mayEditIn` is asked only where there are such locks, and its errors are the caller's.
   */
  async endWaiting(user: string, mayEditIn: () => Promise<ReadonlySet<string>>): Promise<void> {
    const waiting = [...this.#workspaces].flatMap(([workspace, { view }]) =>
      view.find((lock) => lock.user === user && lock.orphaned).map((lock) => ({ workspace, lock })),
    );
    if (waiting.length === 0) return;
    const open = await mayEditIn();
    for (const { workspace, lock } of waiting) {
      if (open.has(workspace) || !(await this.#service.release(workspace, lock))) continue;
      this.#trail.note(lockReleased(workspace, lock, NOWHERE, 'role-changed'));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kept.settled();
    for (const { view } of this.#workspaces.values()) view[Symbol.dispose]();
  }

  async #resume(holder: LockHolder, lock: StoredLock): Promise<void> {
    try {
      await this.#meanwhile.during(
        () => this.#service.resume(holder.workspace, lock, holder.connection),
        (resumed, endOf) => {
          if (resumed === 'lost' || resumed === 'unavailable') return;
          this.#kept.keep(holder.workspace, resumed, { origin: holder.origin, from: lock.connection });
          const end = endOf(lock.lock);
          if (end) this.#kept.ended(end.lock, end.reason);
        },
      );
    } catch (error) {
      this.#logger.event('lock-not-resumed', { err: error });
    }
  }

  /**
   * A lock that was kept alive here is not there any more, and nothing was heard of its end. Its client hears of it, unless
   * another connection of the same client has it.
   */
  async #lost(workspace: string, lock: StoredLock): Promise<void> {
    const followed = this.#workspaces.get(workspace);
    if (!followed) return;
    // What is being read already may be from before it was lost.
    await followed.loading;
    // Of a lock that it knows the view tells the end itself.
    const isKnown = followed.view.get(lock.lock) !== undefined;
    await this.#load(workspace, followed);
    if (!isKnown && !followed.view.get(lock.lock)) this.#tellEnd(workspace, { lock: lock.lock, reason: 'expired' });
  }

  /** Tells a client of the end of a lock that the view has told already, or never knew: after the answer that grants it. */
  #tellEnd(workspace: string, end: EndedLock): void {
    const followed = this.#workspaces.get(workspace);
    if (followed) this.#tell(workspace, followed, { set: [], ended: [end] });
  }

  async #load(workspace: string, followed: FollowedWorkspace): Promise<void> {
    if (followed.loading) return followed.loading;
    const loading = this.#readAll(workspace)
      .then((locks) => followed.view.load(locks))
      .catch((error: unknown) => this.#logger.event('locks-unread', { err: error, workspace }))
      .finally(() => {
        followed.loading = undefined;
        const { heard } = followed;
        followed.heard = [];
        for (const event of heard) followed.view.receive(event);
      });
    followed.loading = loading;
    return loading;
  }

  /**
   * The locks of a workspace as Redis has them. One that Redis has forgotten may come back with the heartbeat of its holder:
   * nobody may be told of its end while that is under way, for until it is cleared away it keeps others out.
   */
  async #readAll(workspace: string): Promise<LivingLock[]> {
    using pause = this.#kept.pause(workspace);
    const locks = await this.#service.read(workspace);
    if (!pause.underWay) return locks;
    await pause.underWay;
    return this.#service.read(workspace);
  }

  async #read(workspace: string, records?: readonly number[]): Promise<RecordLock[]> {
    try {
      return (await this.#service.read(workspace, records)).map(asRecordLock);
    } catch (error) {
      this.#logger.event('locks-unread', { err: error, workspace });
      return this.#workspaces.get(workspace)?.view.all() ?? [];
    }
  }

  /** What changes in one tick goes to the clients as one message. */
  #tell(workspace: string, followed: FollowedWorkspace, { set, ended }: Pick<Locks, 'set' | 'ended'>): void {
    if (!followed.pending) {
      followed.pending = { set: new Map(), ended: [] };
      this.#runtime.soon(() => {
        const { pending } = followed;
        followed.pending = undefined;
        if (pending) {
          this.#publish(workspace, locksMessage({ full: false, set: [...pending.set.values()], ended: pending.ended }));
        }
      });
    }
    for (const lock of set) followed.pending.set.set(lock.lock, lock);
    for (const end of ended) {
      followed.pending.set.delete(end.lock);
      followed.pending.ended.push(end);
    }
  }
}

function locksMessage(content: Omit<Locks, 'type'>): string {
  const message: Locks = { type: 'locks', ...content };
  return JSON.stringify(message);
}

function isSameSet(a: readonly number[], b: readonly number[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((item) => set.has(item));
}
