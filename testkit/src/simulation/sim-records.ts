import { BLANK_CONTENT, type RecordPatch } from '@meldesync/domain';
import {
  type Change,
  type ChangedFields,
  changeChecksum,
  type EditItem,
  type EditOutcome,
  SYNCED_FIELDS,
  type SyncedRecord,
} from '@meldesync/protocol';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { type Commit, FIRST_LSN, SimLog } from './sim-log.ts';
import { STARTED_AT } from './simulated-runtime.ts';

/** What somebody wants done to a record. */
export interface Write {
  /** 0 inserts one. */
  readonly record: number;
  readonly op: Change['op'];
  readonly set: ChangedFields;
}

/** Who writes. */
export interface Author {
  readonly by: string;
  readonly via: Change['via'];
  readonly operation?: string;
}

export interface SimRecordsOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly workspace: string;
  /** How many changes a frame holds at most. */
  readonly frameChanges: number;
  /** How long a commit that is in the log may stay invisible. */
  readonly maxVisibilityMs: number;
  /** The log has grown. */
  readonly onLog: () => void;
}

/** A transaction of more is told of as a range (R3.5), as is one of several frames. */
const MAX_TOLD_CHANGES = 3;
const SWEEP_MS = [300, 4_000] as const;

/** What was under way is gone, as Postgres is or was. */
export class OutageError extends Error {}

/**
 * The records: row versions raised by each change, row locks until a commit is visible, a log in commit order that is readable a
 * moment before the commit is, and the sweep over what was written past the triggers.
 */
export class SimRecords {
  log = new SimLog(1);
  /** The logs that Postgres was set back from. */
  readonly formerLogs: SimLog[] = [];
  /** What may be shown of each record at each of its versions: on every timeline, and before and after the triggers were passed by. */
  readonly history = new Map<number, Map<number, SyncedRecord[]>>();
  readonly #options: SimRecordsOptions;
  readonly #visible = new Map<number, SyncedRecord>();
  readonly #visibleTransactions = new Set<string>();
  /** When each commit became visible. */
  readonly #visibleAt = new WeakMap<Commit, number>();
  readonly #committing = new Set<number>();
  /** What was told of each record that was written past the triggers. */
  readonly #told = new Map<number, SyncedRecord>();
  #waiting: (() => void)[] = [];
  #nextRecord = 1;
  #conflicts = 0;
  /** Counts how often what was under way was lost. */
  #life = 0;

  constructor(options: SimRecordsOptions) {
    this.#options = options;
  }

  /** The records as a query sees them. */
  get visible(): ReadonlyMap<number, SyncedRecord> {
    return this.#visible;
  }

  isVisible(txid: string): boolean {
    return this.#visibleTransactions.has(txid);
  }

  /** When a commit became visible; undefined while it is not. */
  visibleAt(commit: Commit): number | undefined {
    return this.#visibleAt.get(commit);
  }

  /** Resolves once every transaction that has written by now has ended. */
  async quiet(): Promise<void> {
    while (this.#committing.size > 0) await this.#nextVisible();
  }

  /** What is visible now, as `pg_current_snapshot()` prints it. */
  snapshot(): string {
    const end = this.log.commits.length + 1;
    const running = this.log.commits.map(({ txid }) => txid).filter((txid) => !this.#visibleTransactions.has(txid));
    return `${running[0] ?? end}:${end}:${running.join(',')}`;
  }

  async edit(items: readonly EditItem[], author: Author & { readonly operation: string }): Promise<EditOutcome[]> {
    let outcomes: EditOutcome[] = [];
    await this.write(
      items.map(({ record }) => record),
      () => {
        outcomes = items.map((item) => this.#judge(item));
        return items.flatMap(({ record, set }, index): Write[] =>
          outcomes[index]?.outcome === 'accepted' ? [{ record, op: 'update', set }] : [],
        );
      },
      author,
    );
    return outcomes;
  }

  /** A transaction that locks some records and then decides what it does to them. Throws `OutageError` when Postgres is set back. */
  async write(locks: readonly number[], decide: () => readonly Write[], author: Author): Promise<void> {
    const life = this.#life;
    while (locks.some((id) => this.#committing.has(id))) await this.#nextVisible();
    if (life !== this.#life) throw new OutageError();
    const writes = decide();
    if (writes.length === 0) return;
    const { scheduler, random, maxVisibilityMs, onLog } = this.#options;
    const commit = this.#commit(writes, author);
    this.log.push(commit);
    for (const record of commit.after.keys()) this.#committing.add(record);
    onLog();
    await scheduler.sleep(random.chance(0.5) ? 0 : random.between(0, maxVisibilityMs));
    if (life === this.#life) this.#show(commit);
    if (!this.#visibleTransactions.has(commit.txid) || !this.log.commits.includes(commit)) throw new OutageError();
  }

  /**
   * Changes what a record holds without a word to anybody; a sweep comes by later. False for one that waits for the sweep: what is
   * changed back before it comes is never told (ADR 14).
   */
  bypass(record: number, set: RecordPatch): boolean {
    const before = this.#visible.get(record);
    if (!before || this.#committing.has(record) || !this.log.records.has(record) || this.#told.has(record))
      return false;
    this.#told.set(record, before);
    const after = { ...before, ...set };
    this.#visible.set(record, after);
    this.log.records.set(record, after);
    this.#mayBeShown(after);
    const { scheduler, random } = this.#options;
    scheduler.after(random.between(...SWEEP_MS), scheduler.current, () => void this.#sweep(record));
    return true;
  }

  /** How many commits there are up to the last that anybody can have been told of. */
  get acknowledged(): number {
    return this.log.commits.findLastIndex(({ txid }) => this.#visibleTransactions.has(txid)) + 1;
  }

  /** Only the first so many commits are left, on a new timeline; whatever is under way is lost. */
  setBack(commits: number): void {
    this.#life += 1;
    this.formerLogs.push(this.log);
    this.log = this.log.fork(commits);
    this.#told.clear();
    this.#committing.clear();
    this.#visible.clear();
    for (const [id, record] of this.log.records) this.#visible.set(id, record);
    this.#visibleTransactions.clear();
    const { now } = this.#options.scheduler;
    for (const commit of this.log.commits) {
      this.#visibleTransactions.add(commit.txid);
      if (!this.#visibleAt.has(commit)) this.#visibleAt.set(commit, now);
    }
    this.#wake();
  }

  #show(commit: Commit): void {
    for (const [id, record] of commit.after) {
      if (record) this.#visible.set(id, record);
      else this.#visible.delete(id);
      this.#committing.delete(id);
    }
    this.#visibleTransactions.add(commit.txid);
    this.#visibleAt.set(commit, this.#options.scheduler.now);
    this.#wake();
  }

  /** The sweep finds what differs from what was told, and tells it. */
  async #sweep(record: number): Promise<void> {
    const tell = (): Write[] => {
      const told = this.#told.get(record);
      const held = this.log.records.get(record);
      this.#told.delete(record);
      if (!told || !held) return [];
      const differing = SYNCED_FIELDS.filter((field) => field in BLANK_CONTENT || field === 'ibe').filter(
        (field) => told[field] !== held[field],
      );
      const set = Object.fromEntries(differing.map((field) => [field, held[field]])) as ChangedFields;
      return differing.length > 0 ? [{ record, op: 'update', set }] : [];
    };
    await this.write([record], tell, { by: 'db:?', via: 'sql' }).catch(ignoreOutage);
  }

  #judge({ record, baseVersion }: EditItem): EditOutcome {
    const current = this.log.records.get(record);
    if (!current) return { record, outcome: 'rejected', code: 'record-deleted' };
    if (baseVersion > current.version) return { record, outcome: 'rejected', code: 'version-unknown' };
    if (baseVersion === current.version) return { record, outcome: 'accepted', version: baseVersion + 1 };
    const conflict = `0190c2d4-7a52-7d2f-8d8e-${(++this.#conflicts).toString(16).padStart(12, '0')}`;
    return { record, outcome: 'conflict', baseVersion, current, conflict, fields: [], overlaps: false };
  }

  /** Carries one change out on the records as of the end of the log. */
  #change({ record, op, set }: Write, author: Author, after: Map<number, SyncedRecord | undefined>): Change {
    const id = op === 'insert' ? this.#nextRecord++ : record;
    const before = this.log.records.get(id);
    const at = new Date(STARTED_AT + this.#options.scheduler.now).toISOString().replace('Z', '000Z');
    const version = (before?.version ?? 0) + 1;
    const stamp = { id, version, updatedAt: at, updatedBy: author.by };
    const told = this.#told.get(id);
    if (op === 'delete') {
      after.set(id, undefined);
      this.#told.delete(id);
    } else {
      const made = { vorgangsnummer: '', ibe: '', ...BLANK_CONTENT, ...before, ...defined(set), ...stamp };
      after.set(id, made);
      this.#mayBeShown(made);
      if (told) this.#told.set(id, { ...told, ...defined(set), ...stamp });
      if (told) this.#mayBeShown({ ...told, ...defined(set), ...stamp });
    }
    const operation = author.operation === undefined ? {} : { operation: author.operation };
    return {
      record: id,
      version,
      op,
      set: op === 'delete' ? {} : set,
      by: author.by,
      via: author.via,
      at,
      ...operation,
    };
  }

  #commit(writes: readonly Write[], author: Author): Commit {
    const { workspace, frameChanges, scheduler, random } = this.#options;
    const after = new Map<number, SyncedRecord | undefined>();
    const changes = writes.map((write) => this.#change(write, author, after));
    const { commits } = this.log;
    const txid = String(commits.length + 1);
    const lsn = Number(commits.at(-1)?.endLsn ?? FIRST_LSN) + random.integer(1, 40);
    const frames: Commit['frames'][number][] = [];
    for (let start = 0; start < changes.length; start += frameChanges) {
      const part = changes.slice(start, start + frameChanges);
      const changesJson = part.map((change) => JSON.stringify(change)).join(',');
      const id = `${lsn}-${frames.length}`;
      const checksumDelta = part.reduce((sum, change) => sum + changeChecksum(change), 0);
      const isLast = start + frameChanges >= changes.length;
      const place = changes.length <= MAX_TOLD_CHANGES ? 'alone' : isLast ? 'last' : 'before-last';
      frames.push({ workspace, id, txid, changesJson, changeCount: part.length, checksumDelta, place, changes: part });
    }
    return { endLsn: String(lsn + 8), txid, at: scheduler.now, frames, after };
  }

  #mayBeShown(record: SyncedRecord): void {
    const versions = this.history.get(record.id) ?? new Map<number, SyncedRecord[]>();
    this.history.set(record.id, versions);
    versions.set(record.version, [...(versions.get(record.version) ?? []), record]);
  }

  #nextVisible(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Whoever wrote asks again, or has no answer. */
export function ignoreOutage(error: unknown): void {
  if (!(error instanceof OutageError)) throw error;
}

/** The fields that are set: an absent one may be there as undefined. */
function defined(set: ChangedFields): Partial<SyncedRecord> {
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
}
