import { CodedError } from '../coded-error.ts';

/** Refused because of a limit; nothing was done. */
export class RateLimitedError extends CodedError {
  /** When one more may be tried. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('rate-limited', 'a limit is reached');
    this.retryAfterMs = retryAfterMs;
  }
}
