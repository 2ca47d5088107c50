import { withTimeout } from '@meldesync/lifecycle';
import type { NodeRuntime } from './runtime.ts';

const TIMEOUT_MS = 2_000;
/** An answer is good for so long: a balancer asks every second or two, and whoever else may ask costs nothing. */
export const READINESS_KEPT_MS = 500;

export interface ReadinessOptions {
  readonly database: () => Promise<void>;
  readonly redis: (timeoutMs: number) => Promise<void>;
  readonly runtime: Pick<NodeRuntime, 'monotonicMs'>;
}

/**
 * Makes the question whether this node can do its work; it rejects, naming what is missing, when it cannot. However many ask,
 * Postgres and Redis are asked once, and again when the answer is older than `READINESS_KEPT_MS`.
 */
export function createReadiness({ database, redis, runtime }: ReadinessOptions): () => Promise<void> {
  let shared: Promise<void> | undefined;
  let answeredAt: number | undefined;
  return () => {
    const isOld = answeredAt !== undefined && runtime.monotonicMs() - answeredAt >= READINESS_KEPT_MS;
    if (shared && !isOld) return shared;
    answeredAt = undefined;
    shared = checkReadiness({ database, redis }).finally(() => {
      answeredAt = runtime.monotonicMs();
    });
    return shared;
  };
}

async function checkReadiness({ database, redis }: Omit<ReadinessOptions, 'runtime'>): Promise<void> {
  const answered = async (name: string, check: Promise<void>): Promise<void> => {
    try {
      await withTimeout(check, TIMEOUT_MS, () => {
        throw new Error(`no answer within ${TIMEOUT_MS} ms`);
      });
    } catch (error) {
      throw new Error(`${name} does not answer`, { cause: error });
    }
  };
  await Promise.all([answered('Postgres', database()), answered('Redis', redis(TIMEOUT_MS))]);
}
