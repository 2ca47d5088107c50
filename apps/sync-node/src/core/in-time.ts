import { withTimeout } from '@meldesync/lifecycle';
import { CodedError } from '../coded-error.ts';
import type { NodeRuntime } from '../runtime.ts';

/** Postgres or Redis took too long. What was asked for may have been done, or may still be. */
class LateAnswerError extends CodedError {
  constructor(limitMs: number) {
    super('unavailable', `no answer within ${limitMs} ms`);
  }
}

/** What the work comes to; rejects with a `LateAnswerError` when it has not come to anything in time. */
export function inTime<T>(work: Promise<T>, limitMs: number, runtime: Pick<NodeRuntime, 'after'>): Promise<T> {
  return withTimeout(
    work,
    limitMs,
    () => {
      throw new LateAnswerError(limitMs);
    },
    runtime,
  );
}
