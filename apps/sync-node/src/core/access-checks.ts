import { CLOSE_CODES, type CloseCode } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { NodeRuntime, Timer } from '../runtime.ts';

/** How many look-ups are made at a time. */
const AT_ONCE = 4;
/** How long after a look-up that failed the remaining connections are tried again. */
const RETRY_MS = 1_000;
/** How long a client is served without it being known whether it may still be here. */
const MAX_UNCHECKED_MS = 60_000;

/** A connection whose access can be looked up again. */
interface Checked {
  readonly id: string;
  /** Rejects when the look-up failed. */
  recheckAccess(): Promise<void>;
  close(code: CloseCode, reason: string): void;
}

/**
 * Looks up again whether connections may go on, and repeats that for each until it has worked: a removed member must not keep
 * getting data because Postgres was away for a moment. A connection that could not be checked for a minute is closed; its
 * client comes back, and must say again who it is.
 */
export class AccessChecks implements Disposable {
  readonly #runtime: NodeRuntime;
  readonly #logger: Logger;
  /** The connections that wait, and since when in monotonic milliseconds. The first is next. */
  readonly #due = new Map<Checked, number>();
  /**
   * The connections that are being looked up. If one becomes due again meanwhile, its next look-up begins after this one: two
   * at the same time could end in the wrong order, and the older answer would count.
   */
  readonly #asking = new Map<Checked, number>();
  /** How many look-ups are under way. */
  #lanes = 0;
  #retry: Timer | undefined;

  constructor(runtime: NodeRuntime, logger: Logger) {
    this.#runtime = runtime;
    this.#logger = logger;
  }

  /** Access may have changed, or the sessions of these connections have ended. */
  check(connections: Iterable<Checked>): void {
    const now = this.#runtime.monotonicMs();
    for (const connection of connections) if (!this.#due.has(connection)) this.#due.set(connection, now);
    for (let lane = this.#lanes; lane < AT_ONCE; lane++) this.#lane().catch((error: unknown) => this.#tryAgain(error));
  }

  /** The connection is over. */
  forget(connection: Checked): void {
    this.#due.delete(connection);
    this.#asking.delete(connection);
  }

  /** Closes the connections that could not be checked for too long. Called every now and then. */
  giveUp(): void {
    const limit = this.#runtime.monotonicMs() - MAX_UNCHECKED_MS;
    for (const [connection, since] of [...this.#asking, ...this.#due]) {
      if (since > limit) continue;
      this.#logger.event('access-unchecked', { connection: connection.id });
      connection.close(CLOSE_CODES.internal, 'access could not be checked');
    }
  }

  [Symbol.dispose](): void {
    this.#retry?.cancel();
    this.#due.clear();
    this.#asking.clear();
  }

  #tryAgain(error: unknown): void {
    this.#logger.event('access-recheck-failed', { err: error });
    if (this.#due.size === 0) return;
    this.#retry ??= this.#runtime.after(RETRY_MS, () => {
      this.#retry = undefined;
      this.check([]);
    });
  }

  /** Looks up one connection after the other. Ends with the first failure: where Postgres is away, asking on is no use. */
  async #lane(): Promise<void> {
    this.#lanes += 1;
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#ask(...next);
    } finally {
      this.#lanes -= 1;
    }
  }

  async #ask(connection: Checked, since: number): Promise<void> {
    this.#asking.set(connection, since);
    try {
      await connection.recheckAccess();
    } catch (error) {
      // To the end of the line, so that a connection whose look-up always fails keeps nobody else waiting.
      if (this.#asking.has(connection)) {
        this.#due.delete(connection);
        this.#due.set(connection, since);
      }
      throw error;
    } finally {
      this.#asking.delete(connection);
    }
  }

  #next(): [Checked, number] | undefined {
    for (const entry of this.#due) {
      if (this.#asking.has(entry[0])) continue;
      this.#due.delete(entry[0]);
      return entry;
    }
    return undefined;
  }
}
