import type { Dump, DumpedChange, DumpedConflict } from '../dump.ts';
import type { Happening, HistoryEvent, ShownRecord, Values } from '../history-event.ts';

/** What may happen next in a model: by whom, to which record, and how old the version is that they saw. */
export interface Step {
  readonly by: number;
  readonly record: number;
  readonly field: 'caseId' | 'note' | 'done';
  readonly value: number;
  readonly act: 'edit' | 'edit-stale' | 'sql' | 'read' | 'lock' | 'import' | 'reconnect';
}

const PEOPLE = ['anna', 'ben', 'cem'] as const;
const RECORDS = 4;
const STEP_MS = 100;
const BLANK: Values = { caseId: null, done: false, assignee: null, note: null };

/** What a screen of the model holds, and how much of the feed it has read. */
interface Screen {
  readonly who: string;
  readonly held: Map<number, ShownRecord>;
  read: number;
}

/**
 * A cluster that makes no mistake, as small as can be: one list of changes, and screens that read it at their own pace. It
 * writes the history that its users would have recorded, and the dump of its database.
 */
export class HistoryModel {
  readonly events: HistoryEvent[] = [];
  readonly #changes: DumpedChange[] = [];
  readonly #conflicts: DumpedConflict[] = [];
  readonly #records = new Map<number, ShownRecord>();
  readonly #screens: Screen[];
  #nowMs = 1_000_000;
  #count = 0;

  constructor() {
    for (const who of PEOPLE) this.#note(who, { kind: 'began', actor: `user:${who}`, via: 'web' });
    this.#note('psql', { kind: 'began', actor: 'db:postgres', via: 'sql' });
    this.#note('importer', { kind: 'began', actor: 'user:anna', via: 'import' });
    for (let record = 1; record <= RECORDS; record++) this.#insert(record, 'db:postgres', 'sql', null);
    this.#screens = PEOPLE.map((who) => ({ who, held: new Map(), read: 0 }));
    for (const screen of this.#screens) this.#snapshot(screen);
  }

  get dump(): Dump {
    return { records: [...this.#records.values()], changes: this.#changes, conflicts: this.#conflicts };
  }

  act(step: Step): void {
    const screen = this.#screens[step.by % PEOPLE.length];
    if (!screen) return;
    const record = 1 + (step.record % RECORDS);
    const set: Values = { [step.field]: step.field === 'done' ? step.value % 2 === 0 : `value ${step.value}` };
    switch (step.act) {
      case 'edit':
        this.#read(screen);
        return this.#edit(screen, record, set);
      case 'edit-stale':
        return this.#edit(screen, record, set);
      case 'sql':
        return this.#sql(record, set);
      case 'read':
        return this.#read(screen);
      case 'lock':
        return this.#lock(screen, record);
      case 'import':
        return this.#import();
      case 'reconnect':
        this.#note(screen.who, { kind: 'told-stale', state: 'reconnecting' });
        return this.#snapshot(screen);
    }
  }

  /** All read all, and nobody looks any more. */
  end(): void {
    for (const screen of this.#screens) {
      this.#read(screen);
      this.#note(screen.who, { kind: 'showed', records: [...screen.held.values()] });
    }
    for (const who of [...PEOPLE, 'psql', 'importer']) this.#note(who, { kind: 'ended' });
  }

  #note(who: string, happening: Happening): void {
    this.#nowMs += STEP_MS;
    this.events.push({ who, monoMs: this.#nowMs, wallMs: this.#nowMs + 1_000, ...happening });
  }

  #insert(record: number, actor: string, via: string, importId: string | null): void {
    const content = { ...BLANK, vorgangsnummer: `v${record}`, ibe: `i${record}` };
    this.#commit({
      record,
      version: 1,
      op: 'insert',
      before: {},
      after: content,
      actor,
      via,
      operation: null,
      importId,
    });
  }

  #commit(change: Omit<DumpedChange, 'id' | 'atMs'>): void {
    this.#nowMs += STEP_MS;
    const id = this.#changes.length + 1;
    this.#changes.push({ ...change, id, atMs: this.#nowMs + 1_000 });
    const content = { ...this.#records.get(change.record)?.content, ...change.after };
    this.#records.set(change.record, { id: change.record, version: change.version, by: change.actor, content });
  }

  /** Sets what differs; the version after it. */
  #update(record: number, set: Values, by: { actor: string; via: string; operation: string | null }): number {
    const held = this.#records.get(record);
    const fields = Object.keys(set).filter((field) => held?.content[field] !== set[field]);
    if (!held || fields.length === 0) return held?.version ?? 0;
    const pick = (from: Values): Values => Object.fromEntries(fields.map((field) => [field, from[field] ?? null]));
    const version = held.version + 1;
    const values = { before: pick(held.content), after: pick(set) };
    this.#commit({ record, version, op: 'update', ...values, ...by, importId: null });
    return version;
  }

  #edit({ who, held }: Screen, record: number, set: Values): void {
    const operation = `operation-${++this.#count}`;
    const base = held.get(record)?.version ?? 0;
    this.#note(who, { kind: 'edit-sent', operation, items: [{ record, base, set }] });
    if (base === this.#records.get(record)?.version) {
      const version = this.#update(record, set, { actor: `user:${who}`, via: 'web', operation });
      this.#note(who, { kind: 'edit-answered', operation, outcomes: [{ record, outcome: 'accepted', version }] });
      return;
    }
    const conflict = `conflict-${this.#count}`;
    this.#showConflict({ who, operation, conflict, record, base, set });
    this.#note(who, { kind: 'edit-answered', operation, outcomes: [{ record, outcome: 'conflict', conflict }] });
  }

  #showConflict(input: {
    who: string;
    operation: string;
    conflict: string;
    record: number;
    base: number;
    set: Values;
  }): void {
    const { who, operation, conflict, record, base, set } = input;
    const current = this.#records.get(record);
    const newer = this.#changes.filter((change) => change.record === record && change.version > base);
    const names = [...new Set([...Object.keys(set), ...newer.flatMap(({ after }) => Object.keys(after))])];
    const fields = names.map((field) => {
      const touching = newer.filter(({ after }) => Object.hasOwn(after, field));
      const [first] = touching;
      const last = touching.at(-1);
      return {
        field,
        base: (first ? first.before[field] : current?.content[field]) ?? null,
        current: current?.content[field] ?? null,
        ...(set[field] === undefined ? {} : { attempted: set[field] }),
        ...(last ? { changed: { by: last.actor, version: last.version } } : {}),
      };
    });
    const overlaps = fields.some((field) => 'attempted' in field && 'changed' in field);
    const versions = { baseVersion: base, currentVersion: current?.version ?? 0 };
    this.#conflicts.push({ id: conflict, record, actor: `user:${who}`, operation, ...versions, fields, overlaps });
    this.#note(who, { kind: 'conflict-shown', operation, conflict, record, ...versions, fields, overlaps });
  }

  #sql(record: number, set: Values): void {
    const operation = `sql-${++this.#count}`;
    this.#note('psql', { kind: 'edit-sent', operation, items: [{ record, base: null, set }] });
    const version = this.#update(record, set, { actor: 'db:postgres', via: 'sql', operation: null });
    // A statement that changes nothing tells a version that another one made.
    const made = this.#changes.find((change) => change.record === record && change.version === version);
    if (made?.actor !== 'db:postgres') {
      this.#note('psql', { kind: 'edit-failed', operation, code: 'changed nothing' });
      return;
    }
    this.#note('psql', { kind: 'edit-answered', operation, outcomes: [{ record, outcome: 'accepted', version }] });
  }

  #import(): void {
    const id = `import-${++this.#count}`;
    const record = 100 + this.#count;
    this.#note('importer', { kind: 'import-sent', import: id, vorgangsnummern: [`v${record}`] });
    this.#insert(record, 'user:anna', 'import', id);
    const counts = { rowsNew: 1, rowsUpdated: 0 };
    this.#note('importer', { kind: 'import-ended', import: id, status: 'finished', ...counts });
  }

  #lock({ who }: Screen, record: number): void {
    const lock = `lock-${++this.#count}`;
    this.#note(who, { kind: 'lock-granted', lock, records: [record] });
    const other = PEOPLE.find((name) => name !== who) ?? '';
    this.#note(other, { kind: 'lock-refused', askedMonoMs: this.#nowMs, records: [record], locks: [lock] });
    this.#note(who, { kind: 'lock-returned', lock });
    this.#note(who, { kind: 'lock-ended', lock });
    const next = `lock-${++this.#count}`;
    this.#note(other, { kind: 'lock-granted', lock: next, records: [record] });
    this.#note(other, { kind: 'lock-returned', lock: next });
    this.#note(other, { kind: 'lock-ended', lock: next });
  }

  #snapshot(screen: Screen): void {
    screen.held.clear();
    for (const [id, record] of this.#records) screen.held.set(id, record);
    screen.read = this.#changes.length;
    const records = [...this.#records.values()].map(({ id, version }): [number, number] => [id, version]);
    this.#note(screen.who, { kind: 'snapshot', records });
    this.#note(screen.who, { kind: 'told-live' });
  }

  #read(screen: Screen): void {
    for (const { record, version, after, actor } of this.#changes.slice(screen.read)) {
      const before = screen.held.get(record);
      const content = { ...before?.content, ...after };
      screen.held.set(record, { id: record, version, by: actor, content });
      const { vorgangsnummer: _, ibe: __, ...shown } = content;
      this.#note(screen.who, {
        kind: 'applied',
        record,
        from: before?.version ?? null,
        to: version,
        by: actor,
        content: shown,
        changed: Object.keys(after),
        ahead: false,
      });
    }
    screen.read = this.#changes.length;
  }
}
