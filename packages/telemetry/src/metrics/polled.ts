/** What is asked for no more often than this, however often somebody reads the metrics. */
const EVERY_MS = 5_000;
/** Who reads the metrics waits no longer for an answer. */
const PATIENCE_MS = 1_000;
/** An answer that is older is none. */
const OLDEST_MS = 60_000;

/**
 * Makes a value that has to be asked for one that can be read with the metrics: asked at most every 5 s, waited for at most 1 s. While
 * no answer comes the last one counts, for a minute; then there is none. Never rejects.
 */
export function polled<Value>(
  ask: () => Promise<Value>,
  onFailed: (error: unknown) => void,
): () => Promise<Value | undefined> {
  let known: { readonly value: Value; readonly at: number } | undefined;
  let asking: Promise<void> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  const refresh = async (): Promise<void> => {
    try {
      const value = await ask();
      known = { value, at: performance.now() };
    } catch (error) {
      onFailed(error);
    } finally {
      asking = undefined;
    }
  };
  return async () => {
    if (!asking && performance.now() - askedAt >= EVERY_MS) {
      askedAt = performance.now();
      asking = refresh();
    }
    if (asking) await atMost(asking);
    return known && performance.now() - known.at < OLDEST_MS ? known.value : undefined;
  };
}

async function atMost(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
