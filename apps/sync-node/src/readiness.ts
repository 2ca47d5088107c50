import { withTimeout } from '@meldesync/lifecycle';

const TIMEOUT_MS = 2_000;

/** Throws, naming what is missing, when this node cannot do its work. */
export async function checkReadiness(checks: {
  readonly database: () => Promise<void>;
  readonly redis: (timeoutMs: number) => Promise<void>;
}): Promise<void> {
  const answered = async (name: string, check: Promise<void>): Promise<void> => {
    try {
      await withTimeout(check, TIMEOUT_MS, () => {
        throw new Error(`no answer within ${TIMEOUT_MS} ms`);
      });
    } catch (error) {
      throw new Error(`${name} does not answer`, { cause: error });
    }
  };
  await Promise.all([answered('Postgres', checks.database()), answered('Redis', checks.redis(TIMEOUT_MS))]);
}
