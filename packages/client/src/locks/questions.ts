import type { RecordLock, UpMessage } from '@meldesync/protocol';
import { SyncError } from '../errors/sync-error.ts';
import type { HeldLock, LiveLock, LockAnswer } from '../types/locks.ts';
import { covers } from './claims.ts';
import type { LeavingLocks } from './leaving.ts';
import type { LockAnswerMessage, LockRequests } from './requests.ts';

/** A question for a lock that is on its way, and who waits for its answer. */
interface Question {
  readonly records: readonly number[];
  readonly waiting: { readonly resolve: (answer: LockAnswer) => void; readonly reject: (error: SyncError) => void }[];
}

/** What this client asks the server to lock. */
export interface LockQuestions {
  /** How many are on their way. */
  readonly size: number;
  /** Whether one is on its way that covers all of these records. */
  isAsked(records: readonly number[]): boolean;
  /** Whether one is on its way that concerns any of these records. */
  concerns(records: readonly number[]): boolean;
  /**
   * Asks, or waits for the answer to a question that covers the records. `keepsOwn`: not to take over what the same person holds
   * with another client. Rejects with `SyncError`.
   */
  ask(records: readonly number[], keepsOwn: boolean): Promise<LockAnswer>;
}

interface QuestionsInput {
  readonly requests: LockRequests;
  readonly leaving: LeavingLocks;
  readonly send: (message: UpMessage) => void;
  readonly toLiveLock: (lock: RecordLock) => LiveLock;
  /** A lock was granted to so many who asked: a hold for each. */
  readonly onGranted: (lock: RecordLock, count: number) => readonly HeldLock[];
  /** A question is over, and brought no lock that anybody here knows of. */
  readonly onOver: () => void;
}

/** Makes an empty list. */
export function createLockQuestions(input: QuestionsInput): LockQuestions {
  const { requests, leaving, send, toLiveLock, onGranted, onOver } = input;
  const questions = new Set<Question>();
  const covering = (records: readonly number[]): Question | undefined =>
    [...questions].find((question) => covers(question, records));

  const fail = (question: Question, error: SyncError): void => {
    questions.delete(question);
    for (const { reject } of question.waiting) reject(error);
    onOver();
  };

  const answered = (question: Question, answer: LockAnswerMessage): void => {
    const { waiting } = question;
    questions.delete(question);
    if (answer.type === 'lock-granted') {
      const holds = onGranted(answer.lock, waiting.length);
      holds.forEach((lock, i) => waiting[i]?.resolve({ outcome: 'granted', lock }));
    } else if (answer.type === 'lock-held') {
      const locks = answer.locks.map(toLiveLock);
      for (const { resolve } of waiting) resolve({ outcome: 'held', locks });
      onOver();
    } else {
      fail(question, new SyncError('internal'));
    }
  };

  const open = (records: readonly number[], keepsOwn: boolean): Question => {
    const question: Question = { records, waiting: [] };
    questions.add(question);
    const request = requests.open({
      onAnswer: (answer) => answered(question, answer),
      onFailure: (error) => fail(question, error),
    });
    // The server may answer with the lock that is just ending.
    leaving.onceFree(records, () => {
      if (questions.has(question))
        send({ type: 'lock', request, records: [...records], ...(keepsOwn ? { keepsOwn } : {}) });
    });
    return question;
  };

  return {
    get size() {
      return questions.size;
    },
    isAsked: (records) => covering(records) !== undefined,
    concerns: (records) =>
      [...questions].some((question) => question.records.some((record) => records.includes(record))),
    ask(records, keepsOwn) {
      const { waiting } = covering(records) ?? open(records, keepsOwn);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
  };
}
