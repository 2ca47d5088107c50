import { CodedError } from '../coded-error.ts';

/** Others are being served, and it would take too long. */
export class QueueTooLongError extends CodedError {
  constructor() {
    super('unavailable', 'what came before takes too long');
  }
}
