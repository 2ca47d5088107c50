import type { ErrorCode, LockGranted, LockHeld, Unlocked } from '@meldesync/protocol';
import { SyncError } from '../errors/sync-error.ts';
import type { ClientRuntime } from '../types/environment.ts';

/** How long a question about a lock waits for its answer. */
export const LOCK_ANSWER_LIMIT_MS = 5_000;

export type LockAnswerMessage = LockGranted | LockHeld | Unlocked;

interface Asked {
  readonly onAnswer: (answer: LockAnswerMessage) => void;
  readonly onFailure: (error: SyncError) => void;
}

/** Questions that wait for their answers. */
export interface LockRequests {
  /** Opens a question; exactly one of the callbacks is called, once. Returns the id to send. */
  open(asked: Asked): string;
  /** False when nobody waits for it, or not any more. */
  answer(message: LockAnswerMessage): boolean;
  refuse(request: string, code: ErrorCode): void;
  failAll(code: ErrorCode): void;
}

/** Makes an empty list. */
export function createLockRequests(runtime: ClientRuntime): LockRequests {
  const open = new Map<string, Asked & { readonly timer: unknown }>();

  const take = (request: string): Asked | undefined => {
    const asked = open.get(request);
    if (!asked) return undefined;
    open.delete(request);
    runtime.clearTimeout(asked.timer);
    return asked;
  };
  const fail = (request: string, code: ErrorCode): void => take(request)?.onFailure(new SyncError(code));

  return {
    open(asked) {
      const request = runtime.randomId();
      const timer = runtime.setTimeout(() => fail(request, 'unavailable'), LOCK_ANSWER_LIMIT_MS);
      open.set(request, { ...asked, timer });
      return request;
    },
    answer(message) {
      const asked = take(message.request);
      asked?.onAnswer(message);
      return asked !== undefined;
    },
    refuse: fail,
    failAll(code) {
      for (const request of open.keys()) fail(request, code);
    },
  };
}
