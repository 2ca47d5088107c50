import {
  type EndedLock,
  type ErrorCode,
  LOCK_RESUME_MS,
  type LockEnd,
  type Locks as LocksMessage,
  type UpMessage,
} from '@meldesync/protocol';
import type { MessageBudget } from '../edits/message-budget.ts';
import type { ReportError } from '../events/emitter.ts';
import { createDeadline } from '../timing/deadline.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { LockStore } from '../types/locks.ts';
import { createLockCalls, type LockCalls } from './calls.ts';
import { type Claims, createClaims } from './claims.ts';
import { createLeavingLocks, type LeavingLocks } from './leaving.ts';
import { createLockStore } from './lock-store.ts';
import { createLockQuestions } from './questions.ts';
import { createLockRequests, type LockAnswerMessage } from './requests.ts';

/** Everyone's locks, and those of this client. */
export interface Locks extends LockCalls {
  readonly store: LockStore;
  /** From now on messages can be sent. */
  online(send: (message: string) => void): void;
  /** The connection is gone: nobody's locks are known, own ones wait for the next connection. */
  offline(): void;
  /** The node has answered a ping that was sent then, in epoch milliseconds of this client. */
  ponged(sentAt: number): void;
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

const NONE: ReadonlySet<string> = new Set();

/**
 * Makes the locks of a client that is not connected: what it holds, asks for and gives back, joined. Long because its methods share what
 * they close over; none of them is.
 */
export function createLocks({ runtime, instance, budget, report, onHolding }: LocksInput): Locks {
  let send: ((message: string) => void) | null = null;
  const isOnline = (): boolean => send !== null;
  const sendMessage = (message: UpMessage): void => send?.(JSON.stringify(message));

  const store = createLockStore({ runtime, instance, report });
  const requests = createLockRequests(runtime);
  const leaving = createLeavingLocks({ runtime, budget, requests, isOnline, send: sendMessage });
  const claims = createClaims({ report, onHolding, giveBack: (lock) => leaving.giveBack(lock) });
  const questions = createLockQuestions({
    requests,
    leaving,
    send: sendMessage,
    toLiveLock: (lock) => store.toLiveLock(lock),
    onGranted(lock, count) {
      const holds = Array.from({ length: count }, () => claims.hold(lock));
      const end = endsMeanwhile.get(lock.lock);
      if (end) claims.lose(lock.lock, end.reason, end.by);
      else store.receive({ full: false, set: [lock], ended: [] });
      return holds;
    },
    onOver: giveBackStrays,
  });
  /** What was told to have ended while questions are on their way: a grant may come after the end of its lock (P30). */
  const endsMeanwhile = new Map<string, EndedLock>();
  /** When this client said something last that its node is known to have heard. */
  let heardAt = Number.NEGATIVE_INFINITY;
  /** Runs from the loss of a connection until the next one has told which locks there are. */
  const resuming = createDeadline<LockEnd>(runtime, (reason) => claims.loseAll(reason));

  /** Gives back locks of ours that nobody here waits for or holds: their answers were lost or came too late. */
  function giveBackStrays(): void {
    for (const { own, lock, records } of store.values()) {
      const isKnown = claims.has(lock) || leaving.has(lock) || questions.concerns(records);
      if (own && !isKnown) void leaving.giveBack({ lock, records });
    }
  }
  const loseAll = (reason: LockEnd): void => {
    resuming.disarm();
    claims.loseAll(reason);
  };

  return {
    store,
    ...createLockCalls({ claims, questions, requests, budget, isOnline, send: sendMessage }),
    online(newSend) {
      send = newSend;
      heardAt = runtime.now();
    },
    offline() {
      send = null;
      requests.failAll('unavailable');
      leaving.leftBut(NONE);
      store.clear();
      endsMeanwhile.clear();
      if (claims.size > 0 && !resuming.isArmed) resuming.arm(surelyKeptMs(heardAt, runtime), 'expired');
    },
    ponged(sentAt) {
      heardAt = sentAt;
    },
    receive(message) {
      store.receive(message);
      if (message.full) resuming.disarm();
      if (questions.size === 0) endsMeanwhile.clear();
      else for (const end of message.ended) endsMeanwhile.set(end.lock, end);
      tellHolders(message, claims, leaving);
      giveBackStrays();
    },
    answer(message) {
      if (requests.answer(message) || message.type !== 'lock-granted') return;
      if (endsMeanwhile.has(message.lock.lock)) return;
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

/**
 * How long a lock is certain to be kept for a client that has lost its connection: the node may have seen it close as early as when
 * the node was last known to hear it (P32).
 */
function surelyKeptMs(heardAt: number, runtime: ClientRuntime): number {
  return Math.min(LOCK_RESUME_MS, Math.max(0, heardAt + LOCK_RESUME_MS - runtime.now()));
}

/** What a message says of the locks that this client holds or gives back. */
function tellHolders({ full, set, ended }: LocksMessage, claims: Claims, leaving: LeavingLocks): void {
  for (const { lock, reason, by } of ended) {
    leaving.left(lock);
    claims.lose(lock, reason, by);
  }
  if (!full) return;
  const there = new Set(set.map(({ lock }) => lock));
  leaving.leftBut(there);
  claims.loseBut(there);
}
