import { withTimeout } from '@meldesync/lifecycle';

/** Redis left a question unanswered. It may come back, and a relay that reaches it goes on meanwhile. */
class RedisSilentError extends Error {}

/** The answer of Redis; rejects with a `RedisSilentError` when it does not come within the time. */
export function answerInTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  return withTimeout(answer, timeoutMs, () => {
    throw new RedisSilentError(`Redis did not answer within ${timeoutMs} ms`);
  });
}
