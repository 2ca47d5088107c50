import type { Line } from './line.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Service } from './service.ts';
import type { Commit, SimLog } from './sim-log.ts';

/** What a relay hears of the log, in its order. */
export interface LogListener {
  readonly onCommit: (commit: Commit) => void;
  /** A canary that was written at a time of the simulation. */
  readonly onCanary: (writtenAt: number) => void;
  /** The stream has ended; why. */
  readonly onEnd: (reason: string) => void;
}

/** Who reads from the slot. */
interface Reader {
  readonly process: SimProcess;
  readonly line: Line;
  readonly listener: LogListener;
  readonly fromLsn: string;
  index: number;
  /** When the sender heard of it last. */
  heardAt: number;
}

export interface SimReplicationOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly service: Service;
  readonly log: () => SimLog;
}

const MAX_LOG_LAG_MS = 30;
/** `wal_sender_timeout`; in earnest longer, which would only make every run longer. */
const SENDER_TIMEOUT_MS = 3_000;

/** The replication slot, and the one connection that may read from it. */
export class SimReplication {
  readonly #options: SimReplicationOptions;
  /** Decimal LSN from which it tells of commits; undefined without a slot. */
  slotLsn: string | undefined;
  #reader: Reader | undefined;

  constructor(options: SimReplicationOptions) {
    this.#options = options;
  }

  /** Whether another process that lives reads from it. */
  isTaken(): boolean {
    const reader = this.#reader;
    if (!reader?.process.isAlive) return false;
    return this.#options.scheduler.now - reader.heardAt <= SENDER_TIMEOUT_MS;
  }

  /** Begins to read for a process. Whoever read before keeps what is on its way to them. */
  start(process: SimProcess, fromLsn: string, listener: LogListener): void {
    const { scheduler, service } = this.#options;
    const line = service.line();
    this.#reader = { process, line, listener, fromLsn, index: 0, heardAt: scheduler.now };
    this.pump();
  }

  /** The reader has shown a sign of life. */
  heard(process: SimProcess): void {
    if (this.#reader?.process === process) this.#reader.heardAt = this.#options.scheduler.now;
  }

  /** Sends what the log has and the reader has not. */
  pump(): void {
    const reader = this.#reader;
    if (!reader || this.slotLsn === undefined) return;
    const { commits } = this.#options.log();
    const from = Math.max(Number(reader.fromLsn), Number(this.slotLsn));
    for (let commit = commits[reader.index]; commit; commit = commits[reader.index]) {
      if (this.#reader !== reader) return;
      reader.index += 1;
      // Postgres leaves out what was confirmed.
      const sent = commit;
      if (Number(commit.endLsn) > from) this.#send(reader, () => reader.listener.onCommit(sent));
    }
  }

  /** A canary stands in the log, behind what is there. */
  canary(): void {
    const reader = this.#reader;
    const { now } = this.#options.scheduler;
    this.pump();
    if (reader) this.#send(reader, () => reader.listener.onCanary(now));
  }

  /** The connection of the reader ends. */
  cut(reason: string): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader) this.#send(reader, () => reader.listener.onEnd(reason));
  }

  /** The reader ends it. */
  close(listener: LogListener): void {
    if (this.#reader?.listener === listener) this.#reader = undefined;
  }

  /** What would be lost ends the connection: the sender gives it up, and the reader will notice its silence. */
  #send(reader: Reader, arrive: () => void): void {
    const { service, random } = this.#options;
    const { process, line } = reader;
    if (!service.isCutOff(process)) {
      line.carry(process, service.silentMs(process) + random.between(0, MAX_LOG_LAG_MS), arrive);
    } else if (this.#reader === reader) {
      this.#reader = undefined;
    }
  }
}
