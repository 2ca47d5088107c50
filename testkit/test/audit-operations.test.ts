import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EditOutcome } from '@meldesync/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Cluster,
  callHttp,
  connectRaw,
  eventually,
  type RawSocket,
  sampleCsv,
  startCluster,
  type TestPerson,
  workspacePath,
} from '../src/index.ts';
import { seededRandom } from '../src/simulation/seeded-random.ts';
import { type FoundEvent, OwnRecord } from './audit-record.ts';

/** A night takes ten thousand. */
const OPERATIONS = Number(process.env['AUDIT_OPERATIONS'] ?? 2_000);
const SEED = Number(process.env['AUDIT_SEED'] ?? Date.now() % 1_000_000);
const PEOPLE = 12;
const RECORDS = 60;
/**
 * What is noted after the fact is dated by how long ago it was, which takes as long to say as a statement to Postgres: as long as the longest
 * one took, which on a busy machine is seconds, and so much at least.
 */
const DATING_MS = 250;

let cluster: Cluster;
let ada: TestPerson;
let records: number[];
let owner: string;
let firstEvent: number;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 });
  ada = await cluster.addPerson('Ada', { workspace: cluster.workspace, role: 'admin' });
  records = await cluster.addRecords(RECORDS);
  const [row] = await cluster.sql('select current_user::text as owner');
  owner = `db:${String(row?.['owner'])}`;
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Asks Postgres for nothing again and again; its end says how long that took at most. */
function watchStatements(): { end(): Promise<number> } {
  const over = new AbortController();
  let longestMs = 0;
  const watching = (async () => {
    while (!over.signal.aborted) {
      const askedMs = performance.now();
      await cluster.sql('select clock_timestamp()');
      longestMs = Math.max(longestMs, performance.now() - askedMs);
      await sleep(20);
    }
  })();
  return {
    end: async () => {
      over.abort();
      await watching;
      return Math.ceil(longestMs);
    },
  };
}

/** A person at a screen, who does one thing after the other. */
class Somebody {
  readonly #person: TestPerson;
  readonly #own: OwnRecord;
  readonly #known: Map<number, number>;
  readonly #random: ReturnType<typeof seededRandom>;
  readonly #held: Set<string>;
  readonly #locks = new Map<string, number>();
  readonly #conflicts: string[] = [];
  readonly #actor: string;
  #socket: RawSocket | undefined;
  #connection = '';

  constructor(
    person: TestPerson,
    shared: { own: OwnRecord; known: Map<number, number>; random: ReturnType<typeof seededRandom>; held: Set<string> },
  ) {
    this.#person = person;
    this.#own = shared.own;
    this.#known = shared.known;
    this.#random = shared.random;
    this.#held = shared.held;
    this.#actor = `user:${person.id}`;
  }

  async open(): Promise<void> {
    const node = this.#random.integer(0, 2);
    this.#socket = await connectRaw(cluster.url(node), { token: this.#person.token });
    this.#socket.send({
      type: 'hello',
      workspace: cluster.workspace,
      client: { kind: 'web', version: 'test' },
      instance: randomUUID(),
    });
    const { session } = await this.#socket.next('welcome');
    this.#connection = `connection:${session}`;
    this.#own.did(this.#connection, 'connection-opened', this.#actor);
  }

  async close(): Promise<void> {
    const ended = [...this.#locks.keys()];
    this.#own.did(this.#connection, 'connection-closed', this.#actor);
    for (const lock of ended) this.#freed(lock);
    this.#socket?.close(1001);
    await this.#socket?.closeCode();
    // The node gives the locks of a connection back after it has heard of its end.
    if (ended.length > 0)
      await eventually(async () => {
        const { locks } = (await (
          await callHttp(cluster, workspacePath(cluster, '/locks'), { as: this.#person })
        ).json()) as { locks: { lock: string }[] };
        expect(locks.filter(({ lock }) => ended.includes(lock))).toEqual([]);
      });
  }

  /** Does something at random. */
  async act(): Promise<void> {
    const what = this.#random.integer(0, 999);
    if (what < 430) return this.#edit();
    if (what < 560) return this.#writeSql();
    if (what < 740) return this.#lock();
    if (what < 860) return this.#unlock();
    if (what < 900) return this.#takeAway();
    if (what < 960) return this.#settle();
    if (what < 994) {
      await this.close();
      return this.open();
    }
    if (what < 997) return this.#chooseLevel();
    return this.#import();
  }

  async #edit(): Promise<void> {
    const record = this.#random.pick(records);
    const known = this.#known.get(record) ?? 1;
    const baseVersion = this.#random.chance(0.25) ? Math.max(1, known - 1) : known;
    const items = [{ record, baseVersion, set: { note: randomUUID() } }];
    const operation = randomUUID();
    let outcome: EditOutcome | undefined;
    if (this.#random.chance(0.5)) {
      this.#socket?.send({ type: 'edit', operation, items });
      [outcome] = (await this.#socket?.next('edited'))?.outcomes ?? [];
    } else {
      const response = await callHttp(cluster, workspacePath(cluster, '/edits'), {
        as: this.#person,
        method: 'POST',
        json: { operation, items },
      });
      [outcome] = ((await response.json()) as { outcomes: EditOutcome[] }).outcomes;
    }
    if (outcome?.outcome === 'accepted') this.#changed(record, outcome.version, this.#actor);
    if (outcome?.outcome !== 'conflict') return;
    this.#saw(record, outcome.current.version);
    this.#own.did(`conflict:${outcome.conflict}`, 'conflict-met', this.#actor);
    this.#conflicts.push(outcome.conflict);
  }

  async #writeSql(): Promise<void> {
    const record = this.#random.pick(records);
    const [row] = await cluster.sql('update records set note = $2 where id = $1 returning version', [
      record,
      randomUUID(),
    ]);
    this.#changed(record, Number(row?.['version']), owner);
  }

  async #lock(): Promise<void> {
    if (this.#locks.size >= 5) return this.#unlock();
    const record = this.#random.pick(records);
    if ([...this.#locks.values()].includes(record)) return;
    const request = randomUUID();
    const before = this.#socket?.messages.length ?? 0;
    this.#socket?.send({ type: 'lock', request, records: [record] });
    const answer = await this.#answerOf(request, before);
    if (answer.type !== 'lock-granted') return;
    const { lock } = answer.lock;
    this.#locks.set(lock, record);
    this.#held.add(lock);
    this.#own.did(`lock:${lock}`, 'lock-taken', this.#actor);
  }

  async #unlock(): Promise<void> {
    const [lock] = this.#locks.keys();
    if (lock === undefined) return;
    const request = randomUUID();
    const before = this.#socket?.messages.length ?? 0;
    this.#socket?.send({ type: 'unlock', request, lock });
    const answer = await this.#answerOf(request, before);
    if (answer.type === 'unlocked') this.#freed(lock);
    this.#locks.delete(lock);
  }

  async #takeAway(): Promise<void> {
    if (this.#held.size === 0) return;
    const lock = this.#random.pick([...this.#held]);
    this.#held.delete(lock);
    const response = await callHttp(cluster, workspacePath(cluster, `/locks/${lock}`), { as: ada, method: 'DELETE' });
    if (response.status === 204) this.#own.ended(lock, 'lock-taken-away', `user:${ada.id}`);
  }

  async #settle(): Promise<void> {
    const conflict = this.#conflicts.pop();
    if (conflict === undefined) return;
    await cluster.api(this.#person).resolveConflict(cluster.workspace, conflict, { resolution: 'dropped' });
    this.#own.did(`conflict:${conflict}`, 'conflict-resolved', this.#actor);
  }

  async #chooseLevel(): Promise<void> {
    const level = this.#random.pick(['reduced', 'automatic']);
    await callHttp(cluster, '/api/v1/operations/level', { as: ada, method: 'PUT', json: { level } });
    this.#own.did('none', 'level-chosen', `user:${ada.id}`);
  }

  async #import(): Promise<void> {
    const content = new Blob([sampleCsv(2, 10_000 + 2 * this.#random.integer(0, 99_999))]);
    const [taken] = await cluster.api(this.#person).uploadImports(cluster.workspace, [{ name: 'a.csv', content }]);
    const id = taken?.id ?? '';
    this.#own.did(`import:${id}`, 'import-started', this.#actor);
    await eventually(async () => {
      expect((await cluster.api(this.#person).import(cluster.workspace, id)).status).toBe('finished');
    });
    const made = await cluster.sql(
      'select record_id::int as record, version from changes where import_id = $1 order by id',
      [id],
    );
    for (const { record, version } of made) this.#changed(Number(record), Number(version), this.#actor);
    this.#own.did(`import:${id}`, 'import-finished', this.#actor);
  }

  async #answerOf(request: string, from: number) {
    let found: RawSocket['messages'][number] | undefined;
    await eventually(() => {
      found = this.#socket?.messages.slice(from).find((one) => 'request' in one && one.request === request);
      if (!found) throw new Error(`no answer came; the connection is closed with ${this.#socket?.closed?.code}`);
    });
    return found as NonNullable<typeof found>;
  }

  #freed(lock: string): void {
    this.#held.delete(lock);
    this.#locks.delete(lock);
    this.#own.ended(lock, 'lock-released', this.#actor);
  }

  #changed(record: number, version: number, actor: string): void {
    this.#own.changed(record, version, actor);
    this.#saw(record, version);
  }

  #saw(record: number, version: number): void {
    this.#known.set(record, Math.max(version, this.#known.get(record) ?? 0));
  }
}

it(`R5.1 ${OPERATIONS} random operations of many clients and of SQL are on record: each once, in order, none extra`, async () => {
  process.stdout.write(`AUDIT_SEED=${SEED}\n`);
  const own = new OwnRecord();
  for (const record of records) own.changed(record, 1, owner);
  const shared = { own, known: new Map<number, number>(), held: new Set<string>() };
  const people: Somebody[] = [];
  for (let index = 0; index < PEOPLE; index++) {
    const person = await cluster.addPerson(`Person ${index}`, { workspace: cluster.workspace, role: 'editor' });
    people.push(new Somebody(person, { ...shared, random: seededRandom(SEED + index) }));
  }
  const [mark] = await cluster.sql('select coalesce(max(id), 0)::int as id from events');
  firstEvent = Number(mark?.['id']);
  const statements = watchStatements();
  for (const one of people) await one.open();
  await Promise.all(
    people.map(async (one) => {
      for (let count = 0; count < OPERATIONS / PEOPLE; count++) await one.act();
    }),
  );
  for (const one of people) await one.close();

  const read = async () =>
    (
      await cluster.sql(
        `select subject, kind, actor, extract(epoch from at)::float8 * 1000 as at from events
         where id > $1 and kind not in ('connection-degraded', 'connection-improved') order by id`,
        [firstEvent],
      )
    ).map((row) => ({ ...row, at: Number(row['at']) })) as unknown as FoundEvent[];
  await eventually(async () => expect((await read()).length).toBeGreaterThanOrEqual(own.events));
  const entries = await read();
  const datingMs = DATING_MS + (await statements.end());
  expect(own.compareEvents(entries, datingMs)).toEqual([]);
  const changes = await cluster.sql(
    'select record_id::int as record, version, actor, extract(epoch from at)::float8 * 1000 as at from changes order by id',
  );
  expect(own.compareChanges(changes as never)).toEqual([]);

  // What each did one after the other is so by the time of the entries as well.
  const times = new Map<string, number>();
  for (const { subject, kind, at } of entries) times.set(`${subject ?? 'none'} ${kind}`, at);
  for (const { record, version, at } of changes)
    times.set(`record:${Number(record)} version-${Number(version)}`, Number(at));
  const late = own.people
    .filter((actor) => actor !== owner && actor !== `user:${ada.id}`)
    .flatMap((actor) => {
      const done = own.ofPerson(actor).flatMap((what) => times.get(what) ?? []);
      return done.flatMap((at, index) => ((done[index - 1] ?? at) - at > datingMs ? `${actor} ${index}` : []));
    });
  expect(late).toEqual([]);
  process.stdout.write(
    `${OPERATIONS} operations: ${entries.length} events, ${changes.length} changes, dated to ${datingMs} ms\n`,
  );
}, 1_200_000);
