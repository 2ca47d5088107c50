import { describeError, ERROR_CATALOGUE, type ErrorCode, type Problem } from '@meldesync/protocol';

interface SyncErrorOptions {
  readonly cause?: unknown;
  readonly problem?: Problem;
  readonly retryAfterMs?: number;
}

/** What the service refused, or that it could not be reached (`unavailable`). The message is English and holds no data. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly code: ErrorCode;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** Problem details of an HTTP answer; `problem.conflict` says what stands against an edit (R2.2). */
  readonly problem: Problem | null;
  /** How long the service asked to wait (`Retry-After`), null when it did not. */
  readonly retryAfterMs: number | null;

  constructor(code: ErrorCode, options: SyncErrorOptions = {}) {
    super(describeError(code, 'en'), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retryable = ERROR_CATALOGUE[code].retryable;
    this.problem = options.problem ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/**
 * Whether the service itself refuses a request for good. A proxy on the way, or a page that stands in the place of the
 * service, has nothing to say about that: what it answers is temporary.
 */
export function isRefusal({ problem, retryable }: SyncError): boolean {
  return problem !== null && !retryable;
}

/** Whether the session that requests come under has ended, or is another person's by now. */
export function isSessionOver(code: ErrorCode): boolean {
  return code === 'unauthenticated' || code === 'signed-in-as-another';
}

/** The error as a `SyncError`; anything unexpected becomes `internal` with its cause. */
export function toSyncError(error: unknown): SyncError {
  return error instanceof SyncError ? error : new SyncError('internal', { cause: error });
}
