const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

/** SQLSTATE of a Postgres error, also where drizzle has wrapped it; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string' && /^[0-9A-Z]{5}$/.test(current.code))
      return current.code;
  }
  return undefined;
}

/**
 * Runs a transaction again when Postgres ended it to resolve a deadlock: that one did nothing, so a repetition is
 * safe. Three attempts; the last error is thrown.
 */
export async function withDeadlockRetry<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const state = sqlState(error);
      if (attempt === 3 || (state !== DEADLOCK_DETECTED && state !== SERIALIZATION_FAILURE)) throw error;
    }
  }
}

/** Whether Postgres ended a statement because it took or waited too long (`ConnectOptions.limits`): it did nothing. */
export function isOverdue(error: unknown): boolean {
  const state = sqlState(error);
  return state === LOCK_NOT_AVAILABLE || state === QUERY_CANCELED;
}
