import {
  type ErrorCode,
  LOCK_TTL_MS,
  type LockEnd,
  type LockGranted,
  type Locks as LocksMessage,
  lock as lockMessage,
  type UpMessage,
} from '@meldesync/protocol';
import type { MessageBudget } from '../edits/message-budget.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { ReportError } from '../events/emitter.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { LockAnswer, LockStore } from '../types/locks.ts';
import { createLockHandle, type LockHandle } from './held-lock.ts';
import { createLockStore } from './lock-store.ts';
import { createLockRequests, LOCK_ANSWER_LIMIT_MS, type LockAnswerMessage } from './requests.ts';

/** Everyone's locks, and those of this client. */
export interface Locks {
  readonly store: LockStore;
  /** See `SyncClient.lock`. Callers that want records of a lock held already share it; it ends when all gave it back. */
  lock(records: readonly number[]): Promise<LockAnswer>;
  /** See `SyncClient.endLock`. */
  endLock(lock: string): Promise<void>;
  /** From now on messages can be sent. */
  online(send: (message: string) => void): void;
  /** The connection is gone: nobody's locks are known, own ones wait for the next connection. */
  offline(): void;
  receive(message: LocksMessage): void;
  answer(message: LockAnswerMessage): void;
  refuse(request: string, code: ErrorCode): void;
  /** The client is stopped: gives everything back. */
  stop(): void;
  /** There will be no further connection: own locks are lost, questions reject. */
  giveUp(code: ErrorCode): void;
}

interface LocksInput {
  readonly runtime: ClientRuntime;
  readonly instance: string;
  readonly budget: MessageBudget;
  readonly report: ReportError;
  /** Called when the first lock is held, and when the last is gone. */
  readonly onHolding: (isHolding: boolean) => void;
}

/** A lock this client holds, and who in it relies on it. */
interface Claim {
  readonly lock: string;
  readonly records: readonly number[];
  readonly handles: Set<LockHandle>;
  /** Whether a list without it means that it is gone. What was just granted may be missing from one that was on its way. */
  isListed: boolean;
}

/** A question that is on its way, and who waits for its answer. */
interface Wish {
  readonly records: readonly number[];
  readonly waiting: { readonly resolve: (answer: LockAnswer) => void; readonly reject: (error: SyncError) => void }[];
}

/** A lock that was given back and may still be there. */
interface Leaving {
  readonly records: readonly number[];
  /** What to do when it is gone. */
  readonly gone: (() => void)[];
  timer: unknown;
}

/** Makes the locks of a client that is not connected. */
export function createLocks({ runtime, instance, budget, report, onHolding }: LocksInput): Locks {
  const store = createLockStore({ runtime, instance, report });
  const requests = createLockRequests(runtime);
  const claims = new Map<string, Claim>();
  const wishes = new Set<Wish>();
  const leaving = new Map<string, Leaving>();
  let send: ((message: string) => void) | null = null;
  let isHolding = false;
  /** Runs from the loss of a connection until the next one has told which locks there are. */
  let resumeTimer: unknown = null;

  const sendMessage = (message: UpMessage): void => send?.(JSON.stringify(message));
  const checkHolding = (): void => {
    if (isHolding === claims.size > 0) return;
    isHolding = claims.size > 0;
    onHolding(isHolding);
  };
  const disarm = (): void => {
    if (resumeTimer !== null) runtime.clearTimeout(resumeTimer);
    resumeTimer = null;
  };

  const lose = (claim: Claim, reason: LockEnd, by?: string): void => {
    claims.delete(claim.lock);
    checkHolding();
    for (const handle of claim.handles) handle.lose({ lock: claim.lock, reason, ...(by === undefined ? {} : { by }) });
  };
  const loseAll = (reason: LockEnd): void => {
    disarm();
    for (const claim of claims.values()) lose(claim, reason);
  };

  const left = (lock: string): void => {
    const entry = leaving.get(lock);
    if (!entry) return;
    leaving.delete(lock);
    if (entry.timer !== null) runtime.clearTimeout(entry.timer);
    for (const gone of entry.gone) gone();
  };

  /** Asks again until the lock is gone: as long as the connection lives, nothing else would end it. */
  const askToLeave = (lock: string): void => {
    const entry = leaving.get(lock);
    if (!entry || !send) return;
    entry.timer = null;
    budget.spend();
    const request = requests.open({
      onAnswer: () => left(lock),
      onFailure({ retryable }) {
        if (!send || !retryable) left(lock);
        else entry.timer = runtime.setTimeout(() => askToLeave(lock), LOCK_ANSWER_LIMIT_MS);
      },
    });
    sendMessage({ type: 'unlock', request, lock });
  };
  const giveBack = ({ lock, records }: Pick<Claim, 'lock' | 'records'>): Promise<void> => {
    // Without a connection the server lets it go, or lists it on the next one, where it is given back.
    if (!send) return Promise.resolve();
    return new Promise((gone) => {
      leaving.set(lock, { records, gone: [gone], timer: null });
      askToLeave(lock);
    });
  };
  /** Acts once no lock of these records is on its way out: at once, or with the end of the last of them. */
  const onceFree = (records: readonly number[], act: () => void): void => {
    const inTheWay = [...leaving.values()].find((entry) => records.some((record) => entry.records.includes(record)));
    if (inTheWay) inTheWay.gone.push(() => onceFree(records, act));
    else act();
  };
  /** Gives back locks of ours that nobody here waits for or holds: their answers were lost or came too late. */
  const giveBackStrays = (): void => {
    for (const { own, lock, records } of store.values()) {
      if (!own || claims.has(lock) || leaving.has(lock)) continue;
      const isWished = [...wishes].some((wish) => wish.records.some((record) => records.includes(record)));
      if (!isWished) void giveBack({ lock, records });
    }
  };

  const hold = (claim: Claim): LockAnswer => {
    const handle = createLockHandle({
      lock: claim.lock,
      records: claim.records,
      report,
      giveBack() {
        claim.handles.delete(handle);
        if (claim.handles.size > 0) return Promise.resolve();
        claims.delete(claim.lock);
        checkHolding();
        return giveBack(claim);
      },
    });
    claim.handles.add(handle);
    return { outcome: 'granted', lock: handle.held };
  };

  const granted = ({ lock }: LockGranted, { waiting }: Wish): void => {
    const claim = claims.get(lock.lock) ?? {
      lock: lock.lock,
      records: lock.records,
      handles: new Set(),
      isListed: false,
    };
    claims.set(lock.lock, claim);
    const answers = waiting.map(() => hold(claim));
    checkHolding();
    store.receive({ full: false, set: [lock], ended: [] });
    waiting.forEach(({ resolve }, i) => {
      const answer = answers[i];
      if (answer) resolve(answer);
    });
  };

  const ask = (records: readonly number[]): Wish => {
    const wish: Wish = { records, waiting: [] };
    wishes.add(wish);
    const fail = (error: SyncError): void => {
      wishes.delete(wish);
      for (const { reject } of wish.waiting) reject(error);
      giveBackStrays();
    };
    const request = requests.open({
      onAnswer(answer) {
        wishes.delete(wish);
        if (answer.type === 'lock-granted') {
          granted(answer, wish);
        } else if (answer.type === 'lock-held') {
          const locks = answer.locks.map((lock) => store.toLiveLock(lock));
          for (const { resolve } of wish.waiting) resolve({ outcome: 'held', locks });
          giveBackStrays();
        } else {
          fail(new SyncError('internal'));
        }
      },
      onFailure: fail,
    });
    // The server may answer with the lock that is just ending.
    onceFree(records, () => {
      if (wishes.has(wish)) sendMessage({ type: 'lock', request, records: [...records] });
    });
    return wish;
  };

  return {
    store,

    lock(wanted) {
      const records = [...new Set(wanted)].sort((a, b) => a - b);
      const covers = (of: { readonly records: readonly number[] }): boolean =>
        records.every((record) => of.records.includes(record));
      if (!lockMessage.shape.records.safeParse(records).success) return Promise.reject(new SyncError('invalid-field'));
      const held = [...claims.values()].find(covers);
      if (held) return Promise.resolve(hold(held));
      if (!send) return Promise.reject(new SyncError('unavailable'));
      let wish = [...wishes].find(covers);
      if (!wish) {
        if (!budget.spend()) return Promise.reject(new SyncError('rate-limited'));
        wish = ask(records);
      }
      const { waiting } = wish;
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },

    endLock(lock) {
      if (!send) return Promise.reject(new SyncError('unavailable'));
      if (!budget.spend()) return Promise.reject(new SyncError('rate-limited'));
      return new Promise((resolve, reject) => {
        const request = requests.open({ onAnswer: () => resolve(), onFailure: reject });
        sendMessage({ type: 'unlock', request, lock });
      });
    },

    online(newSend) {
      send = newSend;
    },

    offline() {
      send = null;
      requests.failAll('unavailable');
      for (const lock of leaving.keys()) left(lock);
      store.clear();
      for (const claim of claims.values()) claim.isListed = true;
      if (claims.size > 0) resumeTimer ??= runtime.setTimeout(() => loseAll('expired'), LOCK_TTL_MS);
    },

    receive(message) {
      store.receive(message);
      for (const { lock, reason, by } of message.ended) {
        left(lock);
        const claim = claims.get(lock);
        if (claim) lose(claim, reason, by);
      }
      const there = new Set(message.set.map(({ lock }) => lock));
      if (message.full) {
        disarm();
        for (const claim of claims.values()) if (claim.isListed && !there.has(claim.lock)) lose(claim, 'expired');
        for (const lock of leaving.keys()) if (!there.has(lock)) left(lock);
      }
      for (const lock of message.set) {
        const claim = claims.get(lock.lock);
        if (claim) claim.isListed = true;
      }
      giveBackStrays();
    },

    answer(message) {
      if (requests.answer(message) || message.type !== 'lock-granted') return;
      store.receive({ full: false, set: [message.lock], ended: [] });
      giveBackStrays();
    },

    refuse: (request, code) => requests.refuse(request, code),

    stop() {
      for (const { lock } of claims.values()) sendMessage({ type: 'unlock', request: runtime.randomId(), lock });
      loseAll('released');
      store.clear();
      requests.failAll('unavailable');
    },

    giveUp(code) {
      loseAll('expired');
      requests.failAll(code);
    },
  };
}
