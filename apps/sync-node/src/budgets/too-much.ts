import { CodedError } from '../coded-error.ts';

/** Somebody asks for more than their share; after so many seconds there is some of it again. */
export class TooMuchError extends CodedError {
  readonly retryAfterSeconds: number;

  constructor(waitMs: number) {
    super('rate-limited', 'more than the share of one');
    this.retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  }
}

/** Others are being served, and it would take too long. */
export class QueueTooLongError extends CodedError {
  constructor() {
    super('unavailable', 'what came before takes too long');
  }
}
