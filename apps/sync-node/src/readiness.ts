const TIMEOUT_MS = 2_000;

/** Throws, naming what is missing, when this node cannot do its work. */
export async function checkReadiness(checks: {
  readonly database: () => Promise<void>;
  readonly redis: (timeoutMs: number) => Promise<void>;
}): Promise<void> {
  const answered = async (name: string, check: Promise<void>): Promise<void> => {
    try {
      await Promise.race([check, expire()]);
    } catch (error) {
      throw new Error(`${name} does not answer`, { cause: error });
    }
  };
  await Promise.all([answered('Postgres', checks.database()), answered('Redis', checks.redis(TIMEOUT_MS))]);
}

function expire(): Promise<never> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return new Promise((_, reject) => {
    timeout.addEventListener('abort', () => reject(timeout.reason as Error), { once: true });
  });
}
