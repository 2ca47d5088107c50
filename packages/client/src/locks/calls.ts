import { lock as lockMessage, type UpMessage } from '@meldesync/protocol';
import type { MessageBudget } from '../edits/message-budget.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { LockAnswer, LockOptions } from '../types/locks.ts';
import type { Claims } from './claims.ts';
import type { LockQuestions } from './questions.ts';
import type { LockRequests } from './requests.ts';

/** What the client's users may ask of locks. */
export interface LockCalls {
  /**
   * See `SyncClient.lock`. Callers that want records of a lock held already share it; it ends when all gave it back. Not while
   * there is no connection: whether it is still held nobody knows then.
   */
  lock(records: readonly number[], options?: LockOptions): Promise<LockAnswer>;
  /** See `SyncClient.endLock`. */
  endLock(lock: string): Promise<void>;
}

interface LockCallsInput {
  readonly claims: Claims;
  readonly questions: LockQuestions;
  readonly requests: LockRequests;
  readonly budget: MessageBudget;
  readonly isOnline: () => boolean;
  readonly send: (message: UpMessage) => void;
}

/** Makes the calls on what this client holds and asks for. */
export function createLockCalls(input: LockCallsInput): LockCalls {
  const { claims, questions, requests, budget, isOnline, send } = input;
  /** Throws when no further question can be sent. */
  const spend = (): void => {
    if (!isOnline()) throw new SyncError('unavailable');
    if (!budget.spend()) throw new SyncError('rate-limited');
  };
  return {
    async lock(wanted, { keepsOwn = false } = {}) {
      const records = [...new Set(wanted)].sort((a, b) => a - b);
      if (!lockMessage.shape.records.safeParse(records).success) throw new SyncError('invalid-field');
      const held = isOnline() ? claims.covering(records) : undefined;
      if (held) return { outcome: 'granted', lock: claims.hold(held) };
      if (!questions.isAsked(records)) spend();
      return questions.ask(records, keepsOwn);
    },
    async endLock(lock) {
      spend();
      return new Promise((resolve, reject) => {
        const request = requests.open({ onAnswer: () => resolve(), onFailure: reject });
        send({ type: 'unlock', request, lock });
      });
    },
  };
}
