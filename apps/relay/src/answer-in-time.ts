/** Redis left a question unanswered. It may come back, and a relay that reaches it goes on meanwhile. */
class RedisSilentError extends Error {}

/** The answer of Redis; rejects with a `RedisSilentError` when it does not come within the time. */
export async function answerInTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RedisSilentError(`Redis did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
