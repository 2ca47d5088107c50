import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSyncClient, type SyncClient, SyncError } from '@meldesync/client';
import type { EditItem, EditOutcome } from '@meldesync/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { type Cluster, clientAccess, eventually, startCluster, type TestPerson } from '../src/index.ts';
import { type Ask, certainHold, type Hold, type Span } from './certain-hold.ts';
import { CLIENTS, type Command, command, RECORDS, type Wish } from './editing-commands.ts';

/**
 * Everything that people, connections and other programs may do to a few records at the same time, through two real nodes.
 * The commands are fixed by the seed; how they fall together is left to the machine, and must not matter. To see a
 * failure again: FC_SEED and FC_PATH as the failure prints them.
 */
const PEOPLE = 4;
/** A fifth of what others try: each opens clients and takes more than a second. */
const RUNS = Math.ceil(Number(process.env['FC_RUNS'] ?? 60) / 5);
const COMMANDS = 60;

/** An edit as the one who made it knows it. Times are of one clock. */
interface Attempt {
  readonly user: string;
  readonly operation: string | undefined;
  readonly items: readonly EditItem[];
  readonly outcomes: readonly EditOutcome[];
  readonly from: number;
  readonly to: number;
}

let cluster: Cluster;
let people: TestPerson[];

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, worker: false });
  people = [];
  for (let index = 0; index < PEOPLE; index++) {
    people.push(await cluster.addPerson(`Person ${index}`, { workspace: cluster.workspace, role: 'editor' }));
  }
});
afterAll(() => cluster[Symbol.asyncDispose]());

let samples = 0;
/** How often somebody was certain of a lock: without that nothing would be shown. */
let certainties = 0;

it(
  'R1.1 R2.1 R2.2 R2.4 R2.5 whatever people do at the same time: one winner a version, every loser told, nothing lost, all see the same',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: COMMANDS }), async (commands) => {
        const records = await cluster.addRecords(RECORDS, { first: (samples += RECORDS) * 10 });
        const windows = openWindows();
        try {
          await eventually(() =>
            expect(windows.every(({ client: { connection } }) => connection.name === 'live')).toBe(true),
          );
          const { attempts, holds } = await carryOut(commands, windows, records);
          const rows = await readRecords(records);
          const trail = await readTrail(records);
          expectOneWinnerAVersion(attempts, trail);
          expectUnbrokenTrail(trail, rows);
          await expectLosersTold(attempts);
          certainties += holds.flatMap(({ spans }) => spans).length;
          expectNoTwoHolders(holds);
          expectNobodyPassedALock(attempts, holds);
          await eventually(() => {
            for (const { client: one } of windows) {
              expect(one.pendingEdits).toBe(0);
              for (const row of rows) expect(one.store.get(row.id)).toMatchObject(row);
              for (const row of rows) expect(one.optimistic.get(row.id)).toMatchObject(row);
            }
          });
        } finally {
          for (const window of windows) window.client.stop();
        }
      }),
      {
        numRuns: RUNS,
        // A failure depends on the machine too: making it smaller would take long and say little.
        endOnFailure: true,
        ...(process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) }),
        ...(process.env['FC_PATH'] === undefined ? {} : { path: process.env['FC_PATH'] }),
      },
    );
    expect(certainties).toBeGreaterThan(0);
  },
  120_000 + RUNS * 10_000,
);

interface Window {
  readonly client: SyncClient;
  readonly person: TestPerson;
  /** Ends the connection without a word. */
  cut(): void;
}

function openWindows(): Window[] {
  return Array.from({ length: CLIENTS }, (_, index) => {
    const person = people[index % PEOPLE];
    if (!person) throw new Error('there are too few people');
    const access = clientAccess(cluster.url(index), person.token);
    let socket: WebSocket | undefined;
    const opened = createSyncClient({
      ...access,
      workspace: cluster.workspace,
      client: { kind: 'web', version: 'test' },
      openSocket: (url, subprotocol) => {
        const made = access.openSocket(url, subprotocol);
        socket = made as unknown as WebSocket;
        return made;
      },
      onError: () => undefined,
    });
    opened.start();
    return { client: opened, person, cut: () => socket?.terminate() };
  });
}

async function carryOut(commands: readonly Command[], windows: readonly Window[], records: readonly number[]) {
  const attempts: Attempt[] = [];
  const holds: Hold[] = [];
  const asks: Ask[] = [];
  const held = new Map<SyncClient, Hold>();
  const running: Promise<void>[] = [];
  const idOf = (index: number) => records[index] ?? 0;

  const toItems = (one: SyncClient, items: readonly Wish[]): EditItem[] =>
    items.map((item) => ({
      record: idOf(item.record),
      baseVersion: Math.max(1, (one.store.get(idOf(item.record))?.version ?? 1) - item.behind),
      set: item.set,
    }));

  const release = async (one: SyncClient): Promise<void> => {
    const current = held.get(one);
    held.delete(one);
    await current?.release();
  };

  const run = async (step: Command): Promise<void> => {
    if (step.type === 'wait') return;
    if (step.type === 'sql') {
      await cluster.sql('update records set note = $2 where id = $1', [idOf(step.record), step.note]);
      return;
    }
    const window = windows[step.client];
    if (!window) throw new Error('there is no such window');
    const { client: one, person } = window;
    const from = performance.now();
    switch (step.type) {
      case 'cut':
        window.cut();
        break;
      case 'unlock':
        await release(one);
        break;
      case 'lock': {
        await release(one);
        const ask: Ask = { client: one, user: person.id, records: step.records.map(idOf), from: performance.now() };
        asks.push(ask);
        for (const earlier of holds) earlier.asked(ask);
        const answer = await orUnavailable(one.lock(ask.records));
        ask.to = performance.now();
        if (answer?.outcome !== 'granted') break;
        const hold = certainHold(ask, answer.lock, asks);
        holds.push(hold);
        // Another call of this client may have got one in the meantime; the last one counts.
        await release(one);
        held.set(one, hold);
        break;
      }
      case 'edit': {
        const items = toItems(one, step.items);
        const outcomes = await one.edit(items);
        attempts.push({ user: person.id, operation: undefined, items, outcomes, from, to: performance.now() });
        break;
      }
      case 'post-twice': {
        const items = toItems(one, step.items);
        const operation = randomUUID();
        const answers = await Promise.all(
          [0, 1].map((node) =>
            untilAnswered(() => cluster.api(person, node).edit(cluster.workspace, { operation, items })),
          ),
        );
        expect(answers[1]).toEqual(answers[0]);
        attempts.push({
          user: person.id,
          operation,
          items,
          outcomes: answers[0] ?? [],
          from,
          to: performance.now(),
        });
        break;
      }
    }
  };

  for (const step of commands) {
    running.push(run(step));
    await (step.type === 'wait' ? sleep(step.ms) : new Promise(setImmediate));
  }
  await Promise.all(running);
  for (const { client: one } of windows) await release(one);
  return { attempts, holds };
}

interface TrailEntry {
  readonly record: number;
  readonly version: number;
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
  readonly actor: string;
}

const NO_LOCK: ReadonlySet<string> = new Set(['unavailable', 'locks-unavailable']);

/**
 * Nothing when the connection went before the answer came, or Redis took longer than a lock may take on a busy machine; every
 * other error is one.
 */
async function orUnavailable<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SyncError && NO_LOCK.has(error.code)) return undefined;
    throw error;
  }
}

/** A busy machine may let Postgres be too slow for a node: whoever edits over HTTP asks again under the same operation id. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof SyncError && error.code === 'unavailable')) throw error;
      await sleep(100);
    }
  }
}

async function readTrail(records: readonly number[]): Promise<TrailEntry[]> {
  const rows = await cluster.sql(
    'select record_id, version, before, after, actor from changes where record_id = any($1) order by id',
    [records],
  );
  return rows.map((row) => ({
    record: Number(row['record_id']),
    version: Number(row['version']),
    before: row['before'] as Record<string, unknown>,
    after: row['after'] as Record<string, unknown>,
    actor: String(row['actor']),
  }));
}

async function readRecords(records: readonly number[]) {
  const rows = await cluster.sql('select id, version, case_id, done, assignee, note from records where id = any($1)', [
    records,
  ]);
  return rows.map((row) => ({
    id: Number(row['id']),
    version: Number(row['version']),
    caseId: row['case_id'],
    done: row['done'],
    assignee: row['assignee'],
    note: row['note'],
  }));
}

function itemsOf(attempts: readonly Attempt[]) {
  return attempts.flatMap((attempt) =>
    attempt.items.map((item, index) => ({ attempt, item, outcome: attempt.outcomes[index] })),
  );
}

/** R2.1, R2.5: an accepted item made the version after its base, alone; one that changed nothing made none. */
function expectOneWinnerAVersion(attempts: readonly Attempt[], trail: readonly TrailEntry[]): void {
  const made = new Map<string, Attempt>();
  for (const { attempt, item, outcome } of itemsOf(attempts)) {
    if (outcome?.outcome !== 'accepted') continue;
    expect([item.baseVersion, item.baseVersion + 1]).toContain(outcome.version);
    if (outcome.version === item.baseVersion) continue;
    const key = `${item.record}@${outcome.version}`;
    expect(made.has(key), `two winners of ${key}`).toBe(false);
    made.set(key, attempt);
    const entry = trail.find(({ record: id, version }) => id === item.record && version === outcome.version);
    expect(entry?.actor).toBe(`user:${attempt.user}`);
    expect(item.set).toMatchObject(entry?.after ?? { missing: key });
  }
  const byPeople = trail.filter(({ actor, version }) => actor.startsWith('user:') && version > 1);
  expect(byPeople.length, 'changes nobody was told of').toBe(made.size);
}

/** R2.4: replayed one after the other the trail ends at what the table holds. */
function expectUnbrokenTrail(trail: readonly TrailEntry[], rows: readonly { id: number; version: number }[]): void {
  for (const { id, ...row } of rows) {
    const state: Record<string, unknown> = {};
    let version = 0;
    for (const entry of trail.filter((one) => one.record === id)) {
      expect(entry.version).toBe((version += 1));
      expect(state).toMatchObject(entry.before);
      Object.assign(state, entry.after);
    }
    expect({ ...state, version }).toMatchObject(row);
  }
}

/** R2.2, R5.2: each item has an outcome, each conflict its fields, and stands in the table under its id. */
async function expectLosersTold(attempts: readonly Attempt[]): Promise<void> {
  const ids: string[] = [];
  for (const { item, outcome } of itemsOf(attempts)) {
    expect(outcome?.record).toBe(item.record);
    if (outcome?.outcome !== 'conflict') continue;
    expect(outcome.current.version).toBeGreaterThan(item.baseVersion);
    for (const name of Object.keys(item.set)) expect(outcome.fields.map(({ field }) => field)).toContain(name);
    expect(outcome.fields.some(({ changed }) => changed !== undefined)).toBe(true);
    ids.push(outcome.conflict);
  }
  expect(new Set(ids).size).toBe(ids.length);
  const [stored] = await cluster.sql('select count(*) as n from conflicts where id = any($1::uuid[])', [ids]);
  expect(Number(stored?.['n'])).toBe(ids.length);
}

/**
 * R1.4: no two people are certain of a lock on a record at the same time. Not for a moment: what could overlap, on the way of
 * news that pass each other, is told apart in `certain-hold.ts` by what a client knows, not by time.
 */
function expectNoTwoHolders(holds: readonly Hold[]): void {
  for (const [index, a] of holds.entries()) {
    for (const b of holds.slice(index + 1)) {
      if (a.user === b.user || !a.records.some((id) => b.records.includes(id))) continue;
      const overlaps = a.spans.flatMap((one) => b.spans.map((other) => ({ one, other }))).filter(areAtOnce);
      expect(overlaps, `${a.lock} and ${b.lock}: two people had a lock at the same time`).toEqual([]);
    }
  }
}

/** R1.4: no edit is accepted that began and ended while another person was certain of the lock. */
function expectNobodyPassedALock(attempts: readonly Attempt[], holds: readonly Hold[]): void {
  for (const { attempt, item, outcome } of itemsOf(attempts)) {
    if (outcome?.outcome !== 'accepted') continue;
    const inTheWay = holds.find(
      ({ user, records, spans }) =>
        user !== attempt.user &&
        records.includes(item.record) &&
        spans.some(({ from, to }) => from < attempt.from && attempt.to < to),
    );
    expect(inTheWay?.lock, 'an edit went past a lock').toBeUndefined();
  }
}

function areAtOnce({ one, other }: { readonly one: Span; readonly other: Span }): boolean {
  return one.from < other.to && other.from < one.to;
}
