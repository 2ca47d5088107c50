import type { Origin } from '@meldesync/db';
import type { LivingLock, LockService, StoredLock } from '@meldesync/locks';
import { LOCK_TTL_MS, type RecordLock } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { Trail } from '../audit/trail.ts';
import { lockReleased, lockTaken } from './lock-notices.ts';
import { asRecordLock } from './lock-view.ts';
import { wouldBeTooMuch } from './most-of-a-person.ts';

/** In place of the connection that keeps a lock alive: nothing that a socket is called begins so. */
const OVER_HTTP = 'http:';

export interface HttpLockHolder {
  readonly workspace: string;
  readonly user: string;
  readonly instance: string;
  /** For the trail. */
  readonly origin: Origin;
}

/** A lock that lives for `endsInMs` from now, and on with each renewal. */
export type HttpLock = RecordLock & { readonly endsInMs: number };

export type HttpLockOutcome =
  | { readonly outcome: 'granted'; readonly lock: HttpLock; readonly isNew: boolean }
  | { readonly outcome: 'held'; readonly locks: readonly RecordLock[] }
  | { readonly outcome: 'refused'; readonly code: 'locks-unavailable' | 'too-many-locks' };

export interface HttpLocksOptions {
  readonly service: LockService;
  readonly trail: Trail;
  readonly logger: Logger;
}

/**
 * Locks of who has no connection that could keep them alive: each lives for as long as one of a socket that has fallen silent, and is renewed by
 * its holder, at whichever node (R2.3). No node keeps anything of them: that one has run out is told by every node that follows the workspace, and
 * put on record by `settleLocks`.
 */
export class HttpLocks {
  readonly #service: LockService;
  readonly #trail: Trail;
  readonly #logger: Logger;

  constructor({ service, trail, logger }: HttpLocksOptions) {
    this.#service = service;
    this.#trail = trail;
    this.#logger = logger;
  }

  /** Takes a lock; the same client that asks for the same records again has the same one, renewed. */
  async take(holder: HttpLockHolder, records: readonly number[]): Promise<HttpLockOutcome> {
    try {
      return await this.#take(holder, new Set(records));
    } catch (error) {
      this.#logger.event('lock-not-taken', { err: error });
      return { outcome: 'refused', code: 'locks-unavailable' };
    }
  }

  /** Lets a lock that was taken over HTTP live on. */
  async renew(
    { workspace, user }: Pick<HttpLockHolder, 'workspace' | 'user'>,
    id: string,
  ): Promise<HttpLock | 'lock-not-found' | 'forbidden' | 'locks-unavailable'> {
    try {
      const lock = (await this.#service.read(workspace)).find((candidate) => candidate.lock === id);
      if (!lock) return 'lock-not-found';
      if (lock.user !== user || !lock.connection.startsWith(OVER_HTTP)) return 'forbidden';
      const kept = await this.#service.keepAlive(workspace, withoutEnd(lock));
      if (kept === 'lost') return 'lock-not-found';
      return kept === 'unavailable' ? 'locks-unavailable' : leased(kept);
    } catch (error) {
      this.#logger.event('lock-unanswered', { err: error });
      return 'locks-unavailable';
    }
  }

  async #take(holder: HttpLockHolder, records: ReadonlySet<number>): Promise<HttpLockOutcome> {
    const { workspace, user, instance, origin } = holder;
    const connection = OVER_HTTP + instance;
    const own = (await this.#service.read(workspace)).filter((lock) => lock.user === user);
    const same = own.find((lock) => lock.connection === connection && isOf(lock, records));
    const kept = same && (await this.#service.keepAlive(workspace, withoutEnd(same)));
    if (kept === 'unavailable') return { outcome: 'refused', code: 'locks-unavailable' };
    if (kept && kept !== 'lost') return { outcome: 'granted', lock: leased(kept), isNew: false };
    if (wouldBeTooMuch(own, { questions: 1, records })) return { outcome: 'refused', code: 'too-many-locks' };
    const onTakenOver = (lock: StoredLock) => this.#trail.note(lockReleased(workspace, lock, origin, 'taken-over'));
    const claim = { workspace, user, instance, connection, records: [...records], onTakenOver };
    const answer = await this.#service.acquire(claim);
    if (answer.outcome === 'unavailable') return { outcome: 'refused', code: 'locks-unavailable' };
    if (answer.outcome === 'held') return { outcome: 'held', locks: answer.locks.map(asRecordLock) };
    const lock = withoutEnd(answer.lock);
    this.#trail.note(lockTaken(workspace, lock, origin));
    return { outcome: 'granted', lock: leased(lock), isNew: true };
  }
}

function withoutEnd(living: LivingLock): StoredLock {
  const { endsInMs: _, ...lock } = living;
  return lock;
}

function leased(lock: StoredLock): HttpLock {
  return { ...asRecordLock({ ...lock, endsInMs: LOCK_TTL_MS }), endsInMs: LOCK_TTL_MS };
}

function isOf(lock: StoredLock, records: ReadonlySet<number>): boolean {
  return lock.records.length === records.size && lock.records.every((record) => records.has(record));
}
