import { CLOSE_CODES } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { Session } from './session.ts';

/** How many look-ups are made at a time. */
const AT_ONCE = 4;
/** How long after a look-up that failed the sessions that are left are tried again. */
const RETRY_MS = 1_000;
/** How long a client is served of whom nobody can say whether they may still be here. */
const MAX_UNCHECKED_MS = 60_000;

/**
 * Looks up again whether sessions may go on, each until it was looked up: a removed member must not keep getting data
 * because Postgres was away for a moment. One that cannot be checked for a minute is ended; its client comes back, and is
 * asked for who it is.
 */
export class AccessChecks implements Disposable {
  readonly #logger: Logger;
  /** Since when each session has waited for its look-up, those first whose turn is next. Milliseconds of any one clock. */
  readonly #due = new Map<Session, number>();
  /** Those that are being looked up. One that becomes due meanwhile waits: of two answers the older might come last. */
  readonly #asking = new Map<Session, number>();
  #lanes = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Access may have changed, or a session's time is up. */
  check(sessions: Iterable<Session>): void {
    const now = performance.now();
    for (const session of sessions) if (!this.#due.has(session)) this.#due.set(session, now);
    for (let lane = this.#lanes; lane < AT_ONCE; lane++) this.#lane().catch((error: unknown) => this.#tryAgain(error));
  }

  /** A session is over. */
  forget(session: Session): void {
    this.#due.delete(session);
    this.#asking.delete(session);
  }

  /** Ends the sessions that could not be checked for too long. Called every now and then. */
  giveUp(): void {
    const limit = performance.now() - MAX_UNCHECKED_MS;
    for (const [session, since] of [...this.#asking, ...this.#due]) {
      if (since > limit) continue;
      this.#logger.error({ session: session.id }, 'access could not be checked for too long');
      session.close(CLOSE_CODES.internal, 'access could not be checked');
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#retry);
    this.#due.clear();
    this.#asking.clear();
  }

  #tryAgain(error: unknown): void {
    this.#logger.warn({ err: error }, 'could not recheck access; it is tried again');
    if (this.#due.size === 0) return;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.check([]);
    }, RETRY_MS);
  }

  /** Ends with the first failure: where Postgres is away, the others need not ask. */
  async #lane(): Promise<void> {
    this.#lanes += 1;
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#ask(...next);
    } finally {
      this.#lanes -= 1;
    }
  }

  async #ask(session: Session, since: number): Promise<void> {
    this.#asking.set(session, since);
    try {
      await session.recheckAccess();
    } catch (error) {
      // To the end of the line, so that one that always fails is in nobody's way.
      if (this.#asking.has(session)) {
        this.#due.delete(session);
        this.#due.set(session, since);
      }
      throw error;
    } finally {
      this.#asking.delete(session);
    }
  }

  #next(): [Session, number] | undefined {
    for (const entry of this.#due) {
      if (this.#asking.has(entry[0])) continue;
      this.#due.delete(entry[0]);
      return entry;
    }
    return undefined;
  }
}
