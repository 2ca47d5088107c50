import type {
  AccessQuestion,
  EditRecordsInput,
  FeedPosition,
  FeedState,
  SessionAccess,
  SnapshotPageInput,
  SnapshotPageResult,
} from '@meldesync/db';
import { BLANK_CONTENT } from '@meldesync/domain';
import {
  addToChecksum,
  type Change,
  type ChangedFields,
  changeChecksum,
  comparePositions,
  type EditItem,
  type EditOutcome,
  type FramePosition,
  ORIGIN,
  recordChecksum,
  type SyncedRecord,
} from '@meldesync/protocol';
import type { BuiltFrame } from '@meldesync/relay/logic';
import type { NodeDatabase } from '@meldesync/sync-node/logic';
import type { Sabotage } from './sabotage.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { STARTED_AT } from './simulated-runtime.ts';

/** What is said of everyone's access: they are members who may edit. */
const EDITOR: SessionAccess = { session: 'stands', expiresAt: Number.MAX_SAFE_INTEGER, role: 'editor' };

/** What somebody wants done to a record. */
export interface Write {
  /** 0 inserts one. */
  readonly record: number;
  readonly op: Change['op'];
  readonly set: ChangedFields;
}

/** Who writes. */
interface Author {
  readonly by: string;
  readonly via: Change['via'];
  readonly operation?: string;
}

/** A transaction in the log. */
export interface Commit {
  /** Decimal, as are all LSNs. */
  readonly endLsn: string;
  readonly at: number;
  readonly frames: readonly (BuiltFrame & { readonly changes: readonly Change[] })[];
}

export interface SimDatabaseOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly workspace: string;
  readonly sabotage: Sabotage | undefined;
  /** How many changes a frame holds at most, and how many records a page. */
  readonly frameChanges: number;
  readonly pageRecords: number;
  /** How long a commit that is in the log may stay invisible. */
  readonly maxVisibilityMs: number;
}

/** Positions cross a power of ten: they are compared as decimal digits (P7). */
const FIRST_LSN = 9_999_000;
/** A transaction of more is told of as a range (R3.5), as is one of several frames. */
const MAX_TOLD_CHANGES = 3;
const ANSWER_MS = [0.3, 4] as const;

/**
 * Postgres as far as the feed depends on it: row versions raised by each change, row locks until a commit is visible, a log
 * in commit order that is readable a moment before the commit is, answers kept under their operation id, the feed's
 * confirmed position, and a replication slot that can be lost.
 */
export class SimDatabase implements NodeDatabase {
  readonly process: SimProcess;
  /** Every commit since the beginning. */
  readonly log: Commit[] = [];
  /** Where the log can be read from: undefined without a slot. */
  slot: { readonly index: number } | undefined;
  /** The records as of the end of the log. */
  readonly records = new Map<number, SyncedRecord>();
  /** Each record at each of its versions: what may be shown. */
  readonly history = new Map<number, Map<number, SyncedRecord>>();
  /** The record versions that each note was written with. */
  readonly notes = new Map<string, { readonly record: number; readonly version: number }[]>();
  /** The feed before each epoch: what its cursors `…:0-0` cover. */
  readonly epochStarts = new Map<string, FramePosition>();
  /** Chance that an edit ends with an error that passes, carried out or not. */
  readonly faults = { overdue: 0 };
  readonly #options: SimDatabaseOptions;
  readonly #visible = new Map<number, SyncedRecord>();
  readonly #visibleTransactions = new Set<string>();
  readonly #committing = new Set<number>();
  readonly #operations = new Map<string, Promise<EditOutcome[]>>();
  #waiting: (() => void)[] = [];
  #onLog: (() => void)[] = [];
  #epochTurn: Promise<unknown> = Promise.resolve();
  #state: FeedState | undefined;
  #positions = new Map<string, FeedPosition>();
  #nextRecord = 1;
  #conflicts = 0;

  constructor(options: SimDatabaseOptions) {
    this.#options = options;
    this.process = options.scheduler.process('postgres');
  }

  /** The last position in the log. */
  get end(): FramePosition {
    return this.log.at(-1)?.frames.at(-1)?.id ?? ORIGIN;
  }

  /** Runs a query for the process whose turn it is. */
  query<T>(answer: () => T | Promise<T>): Promise<T> {
    const { scheduler, random } = this.#options;
    return scheduler.ask(this.process, () => random.between(...ANSWER_MS), answer);
  }

  state(): Promise<FeedState | undefined> {
    return this.query(() => this.#state);
  }

  positions(): Promise<ReadonlyMap<string, FeedPosition>> {
    return this.query(() => new Map(this.#positions));
  }

  confirm(confirmedLsn: string, positions: ReadonlyMap<string, FeedPosition>): Promise<void> {
    return this.query(() => {
      if (!this.#state) return;
      this.#state = { ...this.#state, confirmedLsn };
      for (const [workspace, position] of positions) this.#positions.set(workspace, position);
    });
  }

  /**
   * The feed's state; a lost slot is made anew, in a new epoch (`findOrBeginEpoch` of the relay). Relays do this one
   * after the other (`aloneWithFeed`), also those that died meanwhile.
   */
  ensureEpoch(epoch: string): Promise<FeedState> {
    return this.query(() => {
      const begun = this.#epochTurn.then(() => this.#findOrBeginEpoch(epoch));
      this.#epochTurn = begun;
      return begun;
    });
  }

  dropSlot(): void {
    this.slot = undefined;
    this.#wakeLog();
  }

  /** Resolves when the log may have grown, or the slot was lost. */
  logChanged(): Promise<void> {
    const { scheduler } = this.#options;
    const asking = scheduler.current;
    return new Promise((resolve) => {
      this.#onLog.push(() => scheduler.after(0, asking, resolve));
    });
  }

  snapshotPage({ after, mustHold }: SnapshotPageInput): Promise<SnapshotPageResult> {
    return this.query(() => {
      const { pageRecords, sabotage } = this.#options;
      const isComplete = mustHold.every((txid) => this.#visibleTransactions.has(txid));
      if (!isComplete && sabotage !== 'pages-lack-commits') return { visible: false };
      const rest = [...this.#visible.values()].filter(({ id }) => id > after).sort((a, b) => a.id - b.id);
      const records = rest.slice(0, pageRecords);
      const next = rest.length > pageRecords ? (records.at(-1)?.id ?? null) : null;
      return { visible: true, records, next, total: this.#visible.size };
    });
  }

  sessionRole(): Promise<SessionAccess> {
    return this.query(() => EDITOR);
  }

  sessionRoles(questions: readonly AccessQuestion[]): Promise<SessionAccess[]> {
    return this.query(() => questions.map(() => EDITOR));
  }

  memberships(): ReturnType<NodeDatabase['memberships']> {
    return this.query(() => [{ id: this.#options.workspace, name: 'simulation', role: 'editor' }]);
  }

  knownRecords({ ids }: { readonly ids: readonly number[] }): Promise<ReadonlySet<number>> {
    return this.query(() => new Set(ids.filter((id) => this.#visible.has(id))));
  }

  /** Nobody holds a lock. */
  editRecords({ actor, items }: EditRecordsInput): Promise<{ outcomes: EditOutcome[] }> {
    const { operation, userId, via } = actor;
    return this.query(async () => {
      const { random } = this.#options;
      const isOverdue = this.faults.overdue > 0 && random.chance(this.faults.overdue);
      if (isOverdue && random.chance(0.5)) throw new OverdueError();
      const isForgotten = this.#options.sabotage === 'retries-are-carried-out';
      const first = isForgotten ? undefined : this.#operations.get(operation);
      const outcomes = first ?? this.#edit(items, { by: `user:${userId}`, via, operation });
      this.#operations.set(operation, outcomes);
      const answer = { outcomes: await outcomes };
      if (isOverdue) throw new OverdueError();
      return answer;
    });
  }

  troubleOf(error: unknown): ReturnType<NodeDatabase['troubleOf']> {
    return error instanceof OverdueError ? 'overdue' : undefined;
  }

  /** A transaction of another program. */
  async write(writes: readonly Write[], author: Author): Promise<void> {
    await this.#transaction(
      writes.map(({ record }) => record),
      () => writes.filter(({ op, record }) => op === 'insert' || this.records.has(record)),
      author,
    );
  }

  async #findOrBeginEpoch(epoch: string): Promise<FeedState> {
    if (this.slot && this.#state) return this.#state;
    this.#state = undefined;
    this.#positions = new Map();
    // A slot is consistent once every transaction that ran when it was made has ended.
    while (!this.slot && this.#committing.size > 0) await this.#nextVisible();
    this.slot ??= { index: this.log.length };
    this.epochStarts.set(epoch, this.log[this.slot.index - 1]?.frames.at(-1)?.id ?? ORIGIN);
    await this.#options.scheduler.sleep(this.#options.random.between(1, 50));
    const state: FeedState = { epoch, confirmedLsn: '0', baseSnapshot: this.#snapshot() };
    let checksum = 0;
    for (const { id, version } of this.#visible.values())
      checksum = addToChecksum(checksum, recordChecksum(id, version));
    this.#positions.set(this.#options.workspace, { position: ORIGIN, checksum });
    this.#state = state;
    return state;
  }

  async #edit(items: readonly EditItem[], author: Author & { readonly operation: string }): Promise<EditOutcome[]> {
    let outcomes: EditOutcome[] = [];
    await this.#transaction(
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

  #judge({ record, baseVersion }: EditItem): EditOutcome {
    const current = this.records.get(record);
    if (!current) return { record, outcome: 'rejected', code: 'record-deleted' };
    if (baseVersion > current.version) return { record, outcome: 'rejected', code: 'version-unknown' };
    if (baseVersion === current.version) return { record, outcome: 'accepted', version: baseVersion + 1 };
    const conflict = `0190c2d4-7a52-7d2f-8d8e-${(++this.#conflicts).toString(16).padStart(12, '0')}`;
    return { record, outcome: 'conflict', baseVersion, current, conflict, fields: [], overlaps: false };
  }

  async #transaction(locks: readonly number[], decide: () => readonly Write[], author: Author): Promise<void> {
    while (locks.some((id) => this.#committing.has(id))) await this.#nextVisible();
    const writes = decide();
    if (writes.length === 0) return;
    const changes = writes.map((write) => this.#change(write, author));
    const txid = String(this.log.length + 1);
    this.log.push(this.#commit(txid, changes));
    for (const { record } of changes) this.#committing.add(record);
    this.#wakeLog();
    const { scheduler, random, maxVisibilityMs } = this.#options;
    await scheduler.sleep(random.chance(0.5) ? 0 : random.between(0, maxVisibilityMs));
    for (const { record, version } of changes) {
      const state = this.history.get(record)?.get(version);
      if (state) this.#visible.set(record, state);
      else this.#visible.delete(record);
      this.#committing.delete(record);
    }
    this.#visibleTransactions.add(txid);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Carries one change out on the records as of the end of the log. */
  #change({ record, op, set }: Write, author: Author): Change {
    const id = op === 'insert' ? this.#nextRecord++ : record;
    const before = this.records.get(id);
    const at = new Date(STARTED_AT + this.#options.scheduler.now).toISOString().replace('Z', '000Z');
    const version = (before?.version ?? 0) + 1;
    if (op === 'delete') {
      this.records.delete(id);
    } else {
      const after: SyncedRecord = {
        vorgangsnummer: '',
        ibe: '',
        ...BLANK_CONTENT,
        ...before,
        ...defined(set),
        id,
        version,
        updatedAt: at,
        updatedBy: author.by,
      };
      this.records.set(id, after);
      const versions = this.history.get(id) ?? new Map<number, SyncedRecord>();
      this.history.set(id, versions.set(version, after));
    }
    if (set.note) this.notes.set(set.note, [...(this.notes.get(set.note) ?? []), { record: id, version }]);
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

  #commit(txid: string, changes: readonly Change[]): Commit {
    const { workspace, frameChanges, scheduler } = this.#options;
    const lsn = FIRST_LSN + this.log.length * 16;
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
    return { endLsn: String(lsn + 8), at: scheduler.now, frames };
  }

  /** What is visible now, as `pg_current_snapshot()` prints it. */
  #snapshot(): string {
    const end = this.log.length + 1;
    const running = this.log
      .map((_, index) => String(index + 1))
      .filter((txid) => !this.#visibleTransactions.has(txid));
    return `${running[0] ?? end}:${end}:${running.join(',')}`;
  }

  #nextVisible(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #wakeLog(): void {
    for (const wake of this.#onLog.splice(0)) wake();
  }
}

/** As Postgres says that a statement took too long. */
class OverdueError extends Error {}

/** Whether a position comes later than another. */
export function isAfter(a: FramePosition, b: FramePosition): boolean {
  return comparePositions(a, b) > 0;
}

/** The fields that are set: an absent one may be there as undefined. */
function defined(set: ChangedFields): Partial<SyncedRecord> {
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
}
