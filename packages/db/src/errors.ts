import { DrizzleQueryError } from 'drizzle-orm';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

/**
 * Beginnings of the SQLSTATEs that speak of the server and not of the statement: connection, transaction rollback,
 * resources, a lock that was not to be had, shutdown, system error; of a server that takes no writes, of a transaction that was
 * left alone, and of a sign-in that is refused, since a password or database is another one by now: no statement was reached.
 */
const OUTAGE_STATES = ['08', '28', '3D000', '40', '53', '55P03', '57P', '58', '25006', '25P03'];

/** Codes of a connection that could not be made or broke. */
const CONNECTION_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** No connection to Postgres was to be had; the cause says why. */
export class DatabaseUnreachableError extends Error {
  constructor(options: ErrorOptions) {
    super('no connection to Postgres', options);
    this.name = 'DatabaseUnreachableError';
  }
}

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

/**
 * Whether Postgres ended the connection with this error: nothing else comes on it, though its end may not have been heard
 * yet.
 */
export function isFatal(error: unknown): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if ('severity' in current && (current.severity === 'FATAL' || current.severity === 'PANIC')) return true;
  }
  return false;
}

/**
 * Whether an error says nothing about what was asked for: Postgres could not be reached, went away before it answered, or
 * could not do anything just then. The same may succeed later.
 */
export function isOutage(error: unknown): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current instanceof DatabaseUnreachableError) return true;
    if ('code' in current && typeof current.code === 'string' && CONNECTION_CODES.has(current.code)) return true;
  }
  const state = sqlState(error);
  if (state !== undefined) return OUTAGE_STATES.some((beginning) => state.startsWith(beginning));
  // A statement that Postgres did not answer. pg gives its broken connections, and its timeouts, no code; a value that it cannot
  // send is an error of another class.
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current instanceof DrizzleQueryError) return current.cause?.constructor === Error;
  }
  return false;
}
