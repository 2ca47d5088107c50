import { type ClientRecord, createSyncClient, type SyncClient, SyncError } from '@meldesync/client';
import { type EditItem, type EditOutcome, parseCursor } from '@meldesync/protocol';
import { watchClient } from './client-checks.ts';
import type { Scheduler, SimProcess, Task } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimDatabase } from './sim-database.ts';
import type { SimLog } from './sim-log.ts';
import type { LinkQuality, SimNetwork } from './sim-network.ts';
import type { SimRedis } from './sim-redis.ts';
import { STARTED_AT } from './simulated-runtime.ts';

export interface SimClientOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly workspace: string;
  readonly name: string;
  readonly database: SimDatabase;
  readonly network: SimNetwork;
  readonly redis: SimRedis;
  readonly link: LinkQuality;
  readonly violated: (what: string) => void;
  readonly say: (what: string) => void;
}

/** An edit and what became of it. */
export interface SimEdit {
  /** Written as the note of each record: finds the edit in the log. */
  readonly token: string;
  readonly records: readonly number[];
  readonly outcome: 'waiting' | readonly EditOutcome[] | SyncError;
}

/** A client with a person who edits: the real one, over a simulated network and clock. Its process is its own. */
export class SimClient {
  readonly process: SimProcess;
  readonly client: SyncClient;
  readonly edits: SimEdit[] = [];
  readonly #options: SimClientOptions;

  constructor(options: SimClientOptions) {
    const { scheduler, random, workspace, name, network, redis, link, database, violated, say } = options;
    this.#options = options;
    this.process = scheduler.process(name);
    let ids = 0;
    this.client = createSyncClient({
      baseUrl: 'http://simulation',
      workspace,
      client: { kind: 'web', version: '1' },
      fetch: network.fetch(this.process, link, () => watch.startOver()),
      openSocket: () => {
        const connection = network.open(this.process, name, link);
        connection.onUnknownCursor = (isStale) => {
          // A node that hears nothing stands behind the others, and what they gave may be ahead of it.
          if (!redis.hasLost && !isStale)
            violated(`${name}: a node does not know its position, though nothing was lost`);
          watch.startOver();
        };
        connection.onForeignEpoch = () => watch.startOver();
        return connection.socket;
      },
      runtime: {
        now: () => STARTED_AT + scheduler.now + this.process.clockOffsetMs,
        random: () => random.next(),
        randomId: () => `${name}-operation-${++ids}`,
        setTimeout: (callback, delayMs) => scheduler.after(delayMs, this.process, callback),
        clearTimeout: (timer) => scheduler.cancel(timer as Task),
      },
      onError: (error) => {
        if (!(error instanceof SyncError)) violated(`${name}: ${error.stack ?? error.message}`);
      },
    });
    const watch = watchClient(this.client, database, (what) => violated(`${name}: ${what}`));
    let state = '';
    this.client.onConnection((connection) => {
      if (connection.name !== state) say(`${name} is ${connection.name} at ${this.client.cursor ?? 'no position'}`);
      state = connection.name;
      if (connection.name === 'refused') violated(`${name} was refused: ${connection.code}`);
      if (connection.name === 'needs-sign-in') violated(`${name} was signed out`);
    });
  }

  start(): void {
    this.#options.scheduler.after(0, this.process, () => this.client.start());
  }

  /** Edits some records as the person sees them; now and then as they were before. */
  edit(): void {
    this.#options.scheduler.after(0, this.process, () => {
      const { random, name, violated } = this.#options;
      const shown = [...this.client.optimistic.values()];
      if (shown.length === 0) return;
      const chosen = [...new Set(Array.from({ length: random.pick([1, 1, 1, 2, 4]) }, () => random.pick(shown)))];
      const records = chosen.map(({ id }) => id);
      const index = this.edits.length;
      const token = `${name}/${index}`;
      this.edits.push({ token, records, outcome: 'waiting' });
      const epoch = this.#epoch();
      const settle = (outcome: readonly EditOutcome[] | SyncError): void => {
        this.edits[index] = { token, records, outcome };
        // Versions of two epochs cannot be compared, so an edit is not waited for across them, nor in one that is over.
        const { database } = this.#options;
        const isOver = database.feed.epochs.get(epoch ?? '')?.log !== database.records.log;
        if (!(outcome instanceof SyncError) && this.#epoch() === epoch && !isOver) this.#checkShown(token, outcome);
      };
      this.#send(chosen, token).then(settle, (error: unknown) => {
        if (error instanceof SyncError) settle(error);
        else violated(`${name}: ${String(error)}`);
      });
    });
  }

  #epoch(): string | undefined {
    const { cursor } = this.client;
    return cursor === null ? undefined : parseCursor(cursor).epoch;
  }

  #send(chosen: readonly ClientRecord[], note: string): Promise<readonly EditOutcome[]> {
    const { random } = this.#options;
    if (random.chance(0.4)) {
      const intents = chosen.map((seen) => ({ seen, set: { note } }));
      return this.client.optimistic.submit(intents).then((settled) => settled.map(({ outcome }) => outcome));
    }
    return this.client.edit(
      chosen.map(
        ({ id, version }): EditItem => ({
          record: id,
          baseVersion: Math.max(1, version - (random.chance(0.1) ? 1 : 0)),
          set: { note },
        }),
      ),
    );
  }

  /** Acknowledged means that this client's own store shows it (P17). */
  #checkShown(token: string, outcomes: readonly EditOutcome[]): void {
    const { database, violated } = this.#options;
    for (const outcome of outcomes) {
      if (outcome.outcome !== 'accepted') continue;
      const held = this.client.store.get(outcome.record);
      if (held ? held.version < outcome.version : database.records.log.records.has(outcome.record)) {
        violated(`${token} was answered before the store shows record ${outcome.record} at ${outcome.version}`);
      }
    }
  }
}

/** What is wrong with an edit when all is quiet: it must have been carried out exactly as its outcome says. */
export function editFault(edit: SimEdit, database: SimDatabase): string | undefined {
  const { token, records, outcome } = edit;
  if (outcome === 'waiting') return `${token} has no outcome`;
  const madeIn = ({ notes }: SimLog, record: number): number[] =>
    (notes.get(token) ?? []).filter((made) => made.record === record).map(({ version }) => version);
  for (const [index, record] of records.entries()) {
    const versions = madeIn(database.records.log, record);
    if (versions.length > 1) return `${token} was carried out ${versions.length} times on record ${record}`;
    if (outcome instanceof SyncError) {
      if (outcome.code !== 'unavailable') return `${token} failed with ${outcome.code}`;
      continue;
    }
    const item = outcome[index];
    const expected = item?.outcome === 'accepted' ? [item.version] : [];
    if (String(versions) === String(expected)) continue;
    // A backup lacks what was acknowledged since; then it must have been so before.
    const before = database.wasRestored ? database.records.formerLogs.map((log) => String(madeIn(log, record))) : [];
    if (!before.includes(String(expected))) {
      return `${token} was answered ${item?.outcome} for record ${record}, but made the versions [${String(versions)}]`;
    }
  }
  return undefined;
}
