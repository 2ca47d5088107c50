/*
 * What the store, a case view and the overlay of own edits cost with 100,000 records. Run with
 * `npm run measure -w packages/client`.
 */
import { BLANK_CONTENT } from '@meldesync/domain';
import { type Frame, frames as framesSchema, type SyncedRecord, snapshotPage } from '@meldesync/protocol';
import { createCaseView } from '../src/cases/case-view.ts';
import { createOptimisticRecords } from '../src/edits/optimistic-records.ts';
import { createFeed } from '../src/feed/feed.ts';
import { PART_RECORDS } from '../src/persistence/copy-keeper.ts';
import { loadCopy } from '../src/persistence/load-copy.ts';
import { createRecordStore } from '../src/store/record-store.ts';
import type { CaseQuery } from '../src/types/cases.ts';
import type { EditIntent } from '../src/types/edits.ts';
import { isFrameList } from '../src/wire/check-frames.ts';
import { segment } from './segments.ts';

const RECORDS = 100_000;
const PAGE_SIZE = 2_000;
const EVERYTHING: CaseQuery = { text: '', filter: 'all', sort: null };

const heapMb = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

function report(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(64)} ${value.toFixed(value < 10 ? 3 : 1).padStart(9)} ${unit}\n`);
}

/** Processor time, all threads: other programs on the machine do not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed<T>(what: string, work: () => T): T {
  const start = cpuMs();
  const result = work();
  report(what, cpuMs() - start, 'ms');
  return result;
}

/** Mean processor time and median elapsed time of many single runs. */
function timedEach(what: string, count: number, work: (i: number) => void): void {
  const times: number[] = [];
  const startCpu = cpuMs();
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    work(i);
    times.push((performance.now() - start) * 1000);
  }
  const cpu = cpuMs() - startCpu;
  times.sort((a, b) => a - b);
  report(`${what}, mean processor time`, (cpu * 1000) / count, 'µs');
  report(`${what}, median elapsed`, times[Math.floor(count / 2)] ?? 0, 'µs');
}

function sample(id: number): SyncedRecord {
  const pair = Math.ceil(id / 2);
  const code = (id * 7919).toString(36).padStart(10, '0').slice(-10).toUpperCase();
  return {
    id,
    version: 1,
    vorgangsnummer: id.toString(16).padStart(64, 'a'),
    ibe: segment({ art: id % 2 === 0 ? 'C' : 'G', code, day: 1 + (id % 28), qc: id % 11 === 0 ? 0 : 1 }),
    ...BLANK_CONTENT,
    caseId: id % 50 === 0 ? null : `F-${(pair * 7919) % 1_000_003}`,
    done: pair % 3 === 0,
    assignee: id % 5 === 0 ? `user-${id % 20}` : null,
    note: id % 9 === 0 ? `Rückfrage ${id}` : null,
    updatedAt: new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString().replace('Z', '000Z'),
    updatedBy: `user:${id % 20}`,
  };
}

/** The pages as they come over the wire. */
function pages(): string[] {
  const texts: string[] = [];
  for (let first = 1; first <= RECORDS; first += PAGE_SIZE) {
    const records = Array.from({ length: PAGE_SIZE }, (_, i) => sample(first + i));
    const next = first + PAGE_SIZE > RECORDS ? null : first + PAGE_SIZE - 1;
    texts.push(JSON.stringify({ cursor: '00000000:100-0', records, next, total: RECORDS }));
  }
  return texts;
}

async function* parsedParts(texts: readonly string[]): AsyncGenerator {
  for (const text of texts) yield await Promise.resolve(JSON.parse(text) as unknown);
}

function makeFrame(n: number, prev: string, changes: number): Frame {
  const at = new Date(Date.UTC(2026, 1, 1) + n).toISOString().replace('Z', '000Z');
  return {
    id: `${100 + n}-0`,
    prev,
    changes: Array.from({ length: changes }, (_, i) => {
      const record = 1 + ((n * 7919 + i * 31) % RECORDS);
      const set = n % 2 === 0 ? { done: n % 4 === 0 } : { note: `n${n}` };
      return { record, version: 1 + n, op: 'update' as const, set, by: 'user:1', via: 'web' as const, at };
    }),
  };
}

/** A browser that returns. What it makes is gone again after it. */
async function measureCopy(): Promise<void> {
  const texts = Array.from({ length: RECORDS / PART_RECORDS }, (_, i) =>
    JSON.stringify({
      records: Array.from({ length: PART_RECORDS }, (_record, n) => sample(1 + i * PART_RECORDS + n)),
      removed: [],
    }),
  );
  const copied = createRecordStore((error) => {
    throw error;
  });
  const feed = createFeed({ store: copied, runtime: { now: () => 0 }, isOwn: () => false, onSnapshot: () => {} });
  const position = { cursor: '00000000:100-0', currentAt: 1 };
  const start = cpuMs();
  await loadCopy({ loadCopy: () => Promise.resolve({ position, parts: parsedParts(texts) }) }, feed, () => true);
  report('Load a copy of 100 parts, parsed and checked, no view', cpuMs() - start, 'ms');
  if (copied.size !== RECORDS) throw new Error('The copy is not whole.');
}

const store = createRecordStore((error) => {
  throw error;
});
const feed = createFeed({ store, runtime: { now: () => 0 }, isOwn: () => false, onSnapshot: () => {} });

const texts = pages();
report('Snapshot as JSON', texts.reduce((sum, text) => sum + text.length, 0) / 2 ** 20, 'MB');
const before = heapMb();
timed('Load, pages parsed and checked, no view', () => {
  const snapshot = feed.openSnapshot();
  for (const text of texts) snapshot.addPage(snapshotPage.parse(JSON.parse(text)).records);
  snapshot.finish('00000000:100-0');
});
const loaded = heapMb();
report('Memory of the store', loaded - before, 'MB');

await measureCopy();

const view = timed('First case view: group, sort, count', () => createCaseView(store, EVERYTHING));
view.getSnapshot();
report('Memory of the view', heapMb() - loaded, 'MB');
report('Rows', view.getSnapshot().rows.length, '');

let n = 0;
let position = '100-0';
const receive = (changes: number): void => {
  n += 1;
  const frame = makeFrame(n, position, changes);
  position = frame.id;
  if (!feed.receive([frame])) throw new Error('A frame is missing.');
};
for (let i = 0; i < 200; i++) receive(1);
timedEach('One change, store and view', 2000, () => receive(1));
timedEach('One change, store and view, rows read after each', 2000, () => {
  receive(1);
  view.getSnapshot();
});
timedEach('Frame of 500 changes, store and view, rows read', 50, () => {
  receive(500);
  view.getSnapshot();
});

/*
 * The overlay of pending edits: what it costs where nobody edits, and what an own edit costs. Its answers come when
 * the measurement says so.
 */
const answers: (() => void)[] = [];
const optimistic = createOptimisticRecords({
  randomId: () => 'operation-1',
  journal: () => null,
  store,
  edit: (items) =>
    new Promise((resolve) => {
      answers.push(() =>
        resolve(items.map(({ record, baseVersion }) => ({ record, outcome: 'accepted', version: baseVersion }))),
      );
    }),
  stamp: () => ({ by: 'user:1', via: 'web', at: '2026-02-01T00:00:00.000Z' }),
  report(error) {
    throw error;
  },
  onWaiting() {},
  onSettled() {},
});
const withView = heapMb();
const shownView = timed('Case view over the overlay', () => createCaseView(optimistic, EVERYTHING));
shownView.getSnapshot();
report('Memory of the second view', heapMb() - withView, 'MB');
const intentsFor = (first: number, count: number): EditIntent[] =>
  Array.from({ length: count }, (_, i) => {
    const seen = optimistic.get(1 + ((first + i * 31) % RECORDS));
    if (!seen) throw new Error('A record is missing.');
    return { seen, set: { done: !seen.done } };
  });
const sent: Promise<unknown>[] = [];
const submitAndRead = (first: number, count: number): void => {
  sent.push(optimistic.submit(intentsFor(first, count)));
  shownView.getSnapshot();
};
const settleAll = async (): Promise<void> => {
  const settled = Promise.all(sent.splice(0));
  // Edits that wait for one before them are sent when that one is answered.
  for (; optimistic.pendingCount > 0; await Promise.resolve()) for (const answer of answers.splice(0)) answer();
  await settled;
};
for (let i = 0; i < 200; i++) submitAndRead(i, 1);
await settleAll();
const beforeEdits = heapMb();
timedEach('Own edit shown in the case view, rows read after each', 1000, (i) => submitAndRead(i * 17, 1));
report('Memory of 1,000 pending edits', heapMb() - beforeEdits, 'MB');
timed('Reading all records with 1,000 pending edits', () => {
  let done = 0;
  for (const record of optimistic.values()) if (record.done) done += 1;
  return done;
});
timedEach('One change of others, store, both views, rows read, 1,000 pending', 1000, () => {
  receive(1);
  view.getSnapshot();
  shownView.getSnapshot();
});
const settling = cpuMs();
await settleAll();
report('Settle 1,000 own edits, the view kept current', cpuMs() - settling, 'ms');
timed('Bulk edit of 500 records shown', () => submitAndRead(7, 500));
await settleAll();
shownView.dispose();

const query = (change: Partial<CaseQuery>): void => {
  view.setQuery({ ...EVERYTHING, ...change });
  view.getSnapshot();
};
timed('First search (makes the texts to search in)', () => query({ text: 'ruck' }));
timed('Next letter of a search', () => query({ text: 'ruckf' }));
timed('Search ended', () => query({}));
timed('Filter', () => query({ filter: 'incomplete' }));
timed('Sort by latest change', () => query({ sort: { column: 'latest', direction: 'desc' } }));
timed('Sort by case id', () => query({ sort: { column: 'caseId', direction: 'desc' } }));
timed('Back to the working order', () => query({}));
report('Memory after searching and sorting, in all', heapMb() - before, 'MB');

timed('Reload of the same snapshot, view rebuilt', () => {
  feed.reset('too-old');
  const snapshot = feed.openSnapshot();
  for (const text of texts) snapshot.addPage(snapshotPage.parse(JSON.parse(text)).records);
  snapshot.finish('00000000:999999-0');
  view.getSnapshot();
});
view.dispose();

const cold = createRecordStore((error) => {
  throw error;
});
const coldFeed = createFeed({ store: cold, runtime: { now: () => 0 }, isOwn: () => false, onSnapshot: () => {} });
const coldView = createCaseView(cold, EVERYTHING);
timed('Load from nothing with a view that shows each step', () => {
  coldView.subscribe(() => coldView.getSnapshot());
  const snapshot = coldFeed.openSnapshot();
  for (const text of texts) snapshot.addPage(snapshotPage.parse(JSON.parse(text)).records);
  snapshot.finish('00000000:100-0');
});

const message = JSON.stringify({
  type: 'frames',
  frames: Array.from({ length: 1000 }, (_, i) => makeFrame(i, '0-0', 1)),
});
const parsed = JSON.parse(message) as { frames: unknown };
for (let i = 0; i < 20; i++) {
  framesSchema.parse(parsed);
  isFrameList(parsed.frames);
}
timed('1,000 frames: JSON.parse', () => JSON.parse(message));
timed('1,000 frames: check in place', () => isFrameList(parsed.frames));
timed('1,000 frames: schema of the protocol', () => framesSchema.parse(parsed));
