import { BusUnavailableError } from '@meldesync/bus';
import type {
  AccessQuestion,
  EditRecordsInput,
  FeedHold,
  FeedPosition,
  FeedState,
  LogIdentity,
  SessionAccess,
  SnapshotPageInput,
  SnapshotPageResult,
  StoredFeedState,
} from '@meldesync/db';
import { addToChecksum, type EditOutcome, recordChecksum } from '@meldesync/protocol';
import type { NodeDatabase } from '@meldesync/sync-node/logic';
import type { Lag } from './lag.ts';
import type { Sabotage } from './sabotage.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { Service } from './service.ts';
import { SimFeedTables } from './sim-feed-tables.ts';
import { type Author, ignoreOutage, OutageError, SimRecords, type Write } from './sim-records.ts';
import { type LogListener, SimReplication } from './sim-replication.ts';

/** A node's pages hold thousands of records. Over the slowest line hundreds of pages would outlast a run that has come to rest. */
const MOST_PAGES = 100;

/** What is said of everyone's access: they are members who may edit. */
const EDITOR: SessionAccess = { session: 'stands', expiresAt: Number.MAX_SAFE_INTEGER, role: 'editor' };

export interface SimDatabaseOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly lag: Lag;
  readonly workspace: string;
  readonly sabotage: Sabotage | undefined;
  /** How many changes a frame holds at most, and how many records a page. */
  readonly frameChanges: number;
  readonly pageRecords: number;
  /** How long a commit that is in the log may stay invisible. */
  readonly maxVisibilityMs: number;
}

const ANSWER_MS = [0.3, 4] as const;
/** So long a connection may be silent (`packages/db/src/connect.ts`). */
const ANSWER_LIMIT_MS = 5_000;
/** Making a slot waits for transactions, and may take its time. */
const SLOT_LIMIT_MS = 20_000;
/** A relay that is silent for longer no longer keeps others from beginning an epoch. */
const ALONE_SILENCE_MS = 10_000;

/** Postgres as far as the feed depends on it: what nodes and relays ask of it, and what can be done to it. */
export class SimDatabase implements NodeDatabase {
  readonly service: Service;
  readonly records: SimRecords;
  readonly feed: SimFeedTables;
  readonly replication: SimReplication;
  /** Chance that an edit ends with an error that passes, carried out or not. */
  readonly faults = { overdue: 0 };
  /** Whether what was acknowledged was ever lost. */
  wasRestored = false;
  readonly #options: SimDatabaseOptions;
  readonly #operations = new Map<string, Promise<EditOutcome[]>>();
  /** Who is alone with the feed, and since when. */
  #alone: { readonly process: SimProcess; readonly sinceMs: number } | undefined;

  constructor(options: SimDatabaseOptions) {
    this.#options = options;
    const { scheduler, random, lag } = options;
    const trouble = () => new OutageError();
    this.service = new Service({ name: 'postgres', scheduler, random, lag, delayMs: ANSWER_MS, trouble });
    this.records = new SimRecords({ ...options, onLog: () => this.replication.pump() });
    this.feed = new SimFeedTables(options.workspace, this.records.log);
    this.replication = new SimReplication({ scheduler, random, service: this.service, log: () => this.records.log });
  }

  /** Runs a query for the process whose turn it is. */
  query<T>(what: string, carryOut: () => T | Promise<T>, limitMs = ANSWER_LIMIT_MS): Promise<T> {
    return this.service.ask(undefined, { what, carryOut, limitMs });
  }

  state(): Promise<FeedState | undefined> {
    return this.query('feed state', () => this.feed.state);
  }

  position(workspace: string): Promise<FeedPosition | undefined> {
    return this.query('feed position', () => this.feed.positions.get(workspace));
  }

  positions(): Promise<ReadonlyMap<string, FeedPosition>> {
    return this.query('feed positions', () => this.feed.positions);
  }

  snapshotPage({ after, mustHold }: SnapshotPageInput): Promise<SnapshotPageResult> {
    return this.query('snapshot page', () => {
      const { pageRecords, sabotage } = this.#options;
      const { records } = this;
      const isComplete = mustHold.every((txid) => records.isVisible(txid));
      if (!isComplete && sabotage !== 'pages-lack-commits') return { visible: false };
      const rest = [...records.visible.values()].filter(({ id }) => id > after).sort((a, b) => a.id - b.id);
      const size = Math.max(pageRecords, Math.ceil(records.visible.size / MOST_PAGES));
      const page = rest.slice(0, size);
      const next = rest.length > size ? (page.at(-1)?.id ?? null) : null;
      return { visible: true, records: page, next, total: records.visible.size };
    });
  }

  sessionRole(): Promise<SessionAccess> {
    return this.query('session role', () => EDITOR);
  }

  sessionRoles(questions: readonly AccessQuestion[]): Promise<SessionAccess[]> {
    return this.query('session roles', () => questions.map(() => EDITOR));
  }

  memberships(): ReturnType<NodeDatabase['memberships']> {
    return this.query('memberships', () => [{ id: this.#options.workspace, name: 'simulation', role: 'editor' }]);
  }

  knownRecords({ ids }: { readonly ids: readonly number[] }): Promise<ReadonlySet<number>> {
    return this.query('known records', () => new Set(ids.filter((id) => this.records.visible.has(id))));
  }

  /** Nobody holds a lock. */
  editRecords({ actor, items }: EditRecordsInput): Promise<{ outcomes: EditOutcome[] }> {
    const { operation, userId, via } = actor;
    return this.query('edit', async () => {
      const { random, sabotage } = this.#options;
      const isOverdue = this.faults.overdue > 0 && random.chance(this.faults.overdue);
      if (isOverdue && random.chance(0.5)) throw new OverdueError();
      const first = sabotage === 'retries-are-carried-out' ? undefined : this.#operations.get(operation);
      const outcomes = first ?? this.records.edit(items, { by: `user:${userId}`, via, operation });
      this.#operations.set(operation, outcomes);
      const answer = { outcomes: await outcomes };
      if (isOverdue) throw new OverdueError();
      return answer;
    });
  }

  /** Nobody holds a lock that could be taken away. */
  recordWith<T>(_record: unknown, act: () => Promise<T>): Promise<T> {
    return act();
  }

  troubleOf(error: unknown): ReturnType<NodeDatabase['troubleOf']> {
    if (error instanceof OverdueError) return 'overdue';
    return error instanceof OutageError || error instanceof BusUnavailableError ? 'outage' : undefined;
  }

  /** A transaction of another program. */
  async write(writes: readonly Write[], author: Author): Promise<void> {
    const { records } = this;
    const locks = writes.map(({ record }) => record);
    const decide = () => writes.filter(({ op, record }) => op === 'insert' || records.log.records.has(record));
    await this.query('write', () => records.write(locks, decide, author)).catch(ignoreOutage);
  }

  /** Whether the process whose turn it is may begin an epoch now: no other one that lives does. */
  enterAlone(process: SimProcess): Promise<boolean> {
    return this.query('alone with the feed', () => {
      const { now } = this.#options.scheduler;
      const held = this.#alone;
      if (held?.process.isAlive && held.process !== process && now - held.sinceMs < ALONE_SILENCE_MS) return false;
      this.#alone = { process, sinceMs: now };
      return true;
    });
  }

  leaveAlone(process: SimProcess): Promise<void> {
    return this.query('no longer alone', () => {
      if (this.#alone?.process === process) this.#alone = undefined;
    });
  }

  storedState(): Promise<StoredFeedState | undefined> {
    return this.query('stored state', () => this.feed.state);
  }

  slotLsn(): Promise<string | undefined> {
    return this.query('slot', () => this.replication.slotLsn);
  }

  logIdentity(): Promise<LogIdentity> {
    return this.query('log identity', () => {
      const { timeline, endLsn } = this.records.log;
      return { systemId: 'simulation', timeline, endLsn, history: 'simulation' };
    });
  }

  endEpoch(epoch: string | undefined): Promise<void> {
    return this.query('end epoch', () => this.feed.end(epoch));
  }

  /** A slot is consistent once every transaction that ran when it was made has ended. */
  createSlot(): Promise<string> {
    const create = async (): Promise<string> => {
      await this.records.quiet();
      this.replication.slotLsn ??= this.records.log.endLsn;
      return this.replication.slotLsn;
    };
    return this.query('create slot', create, SLOT_LIMIT_MS);
  }

  beginEpoch(epoch: string, confirmedLsn: string, former: string | undefined): Promise<StoredFeedState> {
    return this.query('begin epoch', () => {
      const { records } = this;
      let checksum = 0;
      for (const { id, version } of records.visible.values())
        checksum = addToChecksum(checksum, recordChecksum(id, version));
      const { timeline } = records.log;
      const baseSnapshot = records.snapshot();
      return this.feed.begin({ epoch, confirmedLsn, baseSnapshot, timeline, checksum }, former);
    });
  }

  isSlotTaken(): Promise<boolean> {
    return this.query('slot taken', () => this.replication.isTaken());
  }

  takeFeed(state: FeedState): Promise<number | undefined> {
    return this.query('take feed', () => this.feed.take(state));
  }

  confirm(hold: FeedHold, lsn: string, positions: ReadonlyMap<string, FeedPosition>): Promise<boolean> {
    return this.query('confirm', () => this.feed.confirm(hold, lsn, positions));
  }

  /** Starts to tell a process of the log; `in use` while another one hears it, `no slot` without one. */
  replicate(process: SimProcess, fromLsn: string, listener: LogListener): Promise<'started' | 'in use' | 'no slot'> {
    return this.query('replicate', () => {
      if (this.replication.slotLsn === undefined) return 'no slot';
      if (this.replication.isTaken()) return 'in use';
      this.replication.start(process, fromLsn, listener);
      return 'started';
    });
  }

  /** The relay says how far the slot need not go back. */
  confirmSlot(process: SimProcess, lsn: string): Promise<void> {
    return this.query('confirm slot', () => {
      const { replication } = this;
      if (replication.slotLsn !== undefined && Number(lsn) > Number(replication.slotLsn)) replication.slotLsn = lsn;
      replication.heard(process);
    });
  }

  emitCanary(process: SimProcess): Promise<void> {
    return this.query('canary', () => {
      this.replication.heard(process);
      this.replication.canary();
    });
  }

  dropSlot(): void {
    this.replication.slotLsn = undefined;
    this.replication.cut('slot dropped');
  }

  /** Every connection breaks, and none is taken for a while. */
  goDown(forMs: number): void {
    this.service.down(forMs);
    this.replication.cut('Postgres went down');
  }

  /** A standby is promoted that has all that was acknowledged; the slot is not there. */
  failOver(forMs: number): void {
    this.#setBack(this.records.acknowledged, forMs);
  }

  /** A backup is put in its place, which lacks the last commits. */
  restore(lost: number, forMs: number): void {
    this.wasRestored = true;
    this.#setBack(Math.max(0, this.records.log.commits.length - lost), forMs);
  }

  #setBack(commits: number, forMs: number): void {
    this.records.setBack(commits);
    const kept = new Set(
      this.records.log.commits.flatMap(({ frames }) =>
        frames.flatMap(({ changes }) => changes.map(({ operation }) => operation)),
      ),
    );
    for (const operation of this.#operations.keys()) if (!kept.has(operation)) this.#operations.delete(operation);
    this.feed.setBack(this.records.log);
    this.#alone = undefined;
    this.replication.slotLsn = undefined;
    this.goDown(forMs);
  }
}

/** As Postgres says that a statement took too long. */
class OverdueError extends Error {}
