import { confirmFeed, type Database } from '@meldesync/db';
import type { FramePosition } from '@meldesync/protocol';
import { Checkpoints } from './checkpoints.ts';
import { TakenOverError } from './pass-errors.ts';
import type { PassPublisher } from './publisher.ts';
import type { ReplicationStream } from './replication/replication-stream.ts';

export interface ConfirmerOptions {
  readonly database: Database;
  readonly publisher: PassPublisher;
  readonly epoch: string;
  /** Decimal LSN confirmed before this pass. */
  readonly confirmedLsn: string;
  /** How long the confirmed position lags, so that the log can fill Redis again. */
  readonly holdBackMs: number;
  /** Looks whether Redis still holds a workspace's stream up to where this pass is; rejects where it does not. */
  readonly checkStream: (workspace: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Confirms to Postgres what Redis has held for long enough. What is not confirmed can be read from the log again. */
export class Confirmer {
  readonly #options: ConfirmerOptions;
  readonly #checkpoints = new Checkpoints();
  #handledLsn: string;
  #confirmedLsn: string;
  #token: number | undefined;

  constructor(options: ConfirmerOptions) {
    this.#options = options;
    this.#handledLsn = options.confirmedLsn;
    this.#confirmedLsn = options.confirmedLsn;
  }

  get confirmedLsn(): string {
    return this.#confirmedLsn;
  }

  /** All frames of the transactions that end before it have been published; decimal. */
  get handledLsn(): string {
    return this.#handledLsn;
  }

  /** The relay has taken the feed over: what it confirms from now on bears this token, and nothing is confirmed before. */
  begin(token: number): void {
    this.#token = token;
  }

  /**
   * All frames of the transactions that end before `lsn` (decimal) have been published; `positions` are those that the last
   * of them moved. Never called within a transaction: a checkpoint that held a part of one would lie before its end.
   */
  handled(lsn: string, positions: ReadonlyMap<string, FramePosition>): void {
    const { publisher } = this.#options;
    for (const [workspace, position] of positions) {
      this.#checkpoints.advance(workspace, { position, checksum: publisher.checksum(workspace) });
    }
    this.#handledLsn = lsn;
  }

  /** Confirms what is due. Rejects with `TakenOverError` when another relay has taken the feed over. */
  async confirmDue(stream: ReplicationStream | undefined): Promise<void> {
    const { database, publisher, epoch, holdBackMs, checkStream, signal } = this.#options;
    // Taken first: what is handled while this waits belongs to the next checkpoint.
    const now = Date.now();
    this.#checkpoints.take(this.#handledLsn, now);
    await publisher.settled();
    const due = this.#checkpoints.release(now, holdBackMs);
    if (!due || signal.aborted || this.#token === undefined) return;
    // Time alone proves nothing: Redis may have lost entries, and not have answered since. What is confirmed nothing brings back.
    await Promise.all([...due.positions.keys()].map(checkStream));
    if (signal.aborted) return;
    const isOurs = await confirmFeed(database, { epoch, token: this.#token }, due.lsn, due.positions);
    if (!isOurs) throw new TakenOverError();
    this.#confirmedLsn = due.lsn;
    await stream?.confirm(due.lsn);
  }
}
