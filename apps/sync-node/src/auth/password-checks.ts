import { hashPassword } from 'better-auth/crypto';
import { CodedError } from '../coded-error.ts';
import { isPasswordOf } from './password-hash.ts';

/** How many wait at most; a check takes about 0.1 s of a processor. */
const MAX_WAITING = 20;

/** Too many passwords wait to be checked already; nothing was done about this one. */
export class PasswordChecksFullError extends CodedError {
  constructor() {
    super('unavailable', 'too many passwords wait to be checked');
  }
}

/**
 * better-auth's own hashing of passwords, one at a time: all at once would take every processor, and with it everybody's edits.
 * What finds no place throws `PasswordChecksFullError`.
 */
export class PasswordChecks {
  #taken = 0;
  /** Resolves when all that were taken are over, however they went. */
  #over = Promise.resolve();

  /** Whether one more would be refused. */
  get isFull(): boolean {
    return this.#taken > MAX_WAITING;
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hashPassword(password));
  }

  verify(given: { hash: string; password: string }): Promise<boolean> {
    return this.#inTurn(() => isPasswordOf(given));
  }

  async #inTurn<Result>(check: () => Promise<Result>): Promise<Result> {
    if (this.isFull) throw new PasswordChecksFullError();
    this.#taken += 1;
    const turn = this.#over.then(check);
    const ended = () => {
      this.#taken -= 1;
    };
    // Whoever asked hears of an error; the next one's turn comes all the same.
    this.#over = turn.then(ended, ended);
    return turn;
  }
}
