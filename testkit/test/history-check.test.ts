import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Cluster,
  checkHistory,
  clientAccess,
  dumpWorkspace,
  eventually,
  MemoryLog,
  type RecordedClient,
  randomFrom,
  recordApi,
  recordClient,
  recordSql,
  startCluster,
  type TestPerson,
} from '../src/index.ts';

const RECORDS = 12;
const EDITS = 25;
const IMPORTED = 40;

let cluster: Cluster;
const people: TestPerson[] = [];

beforeAll(async () => {
  cluster = await startCluster({ rangeThreshold: 20 });
  for (const name of ['Anna', 'Ben', 'Cem', 'Dora'])
    people.push(await cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' }));
});
afterAll(() => cluster[Symbol.asyncDispose]());

function personOf(index: number): TestPerson {
  const person = people[index];
  if (!person) throw new Error(`there is no person ${index}`);
  return person;
}

function startRecorded(log: MemoryLog, index: number): RecordedClient {
  const person = personOf(index);
  const recorded = recordClient({
    ...clientAccess(cluster.url(index), person.token),
    who: `screen-${index}`,
    person: person.id,
    log,
    workspace: cluster.workspace,
    client: { kind: index === 0 ? 'cli' : 'web', version: 'test' },
  });
  recorded.client.start();
  return recorded;
}

/** Edits under a lock now and then, on what the screen shows; others may be first. */
async function edit(recorded: RecordedClient, records: readonly number[], seed: number): Promise<void> {
  const random = randomFrom(seed);
  for (let count = 0; count < EDITS; count++) {
    const record = records[Math.floor(random() * records.length)] ?? 0;
    const baseVersion = recorded.client.store.get(record)?.version ?? 0;
    const set = random() < 0.5 ? { note: `note ${seed}.${count}` } : { caseId: `case ${seed}.${count}` };
    const answer = random() < 0.3 ? await recorded.lock([record]) : undefined;
    // Others get their chance between what the screen shows and the edit.
    await sleep(random() * 20);
    await recorded.edit([{ record, baseVersion, set }]);
    if (answer?.outcome === 'granted') await recorded.release(answer.lock);
  }
}

it('R1.1 R2.1 R2.2 R2.5 R5.1 nothing is wrong with the history of a cluster under load', async () => {
  const log = new MemoryLog();
  const records = await cluster.addRecords(RECORDS);
  const screens = people.map((_, index) => startRecorded(log, index));
  await eventually(() => expect(screens.every(({ client }) => client.connection.name === 'live')).toBe(true));
  const person = personOf(3);
  const { workspace } = cluster;
  const http = recordApi({ who: 'http', person: person.id, log, api: cluster.api(person, 1), workspace });
  const psql = recordSql({ who: 'psql', log, role: 'postgres', sql: (text, values) => cluster.sql(text, values) });

  const byHttp = async () => {
    for (let count = 0; count < EDITS; count++) {
      const record = records[count % RECORDS] ?? 0;
      const { version } = await cluster.api(person).record(workspace, record);
      await http.edit([{ record, baseVersion: version, set: { note: `http ${count}` } }]);
    }
  };
  const bySql = async () => {
    for (let count = 0; count < EDITS; count++)
      await psql.update(records[count % RECORDS] ?? 0, { caseId: `sql ${count}` });
  };
  await Promise.all([
    ...screens.map((screen, index) => edit(screen, records, index + 1)),
    byHttp(),
    bySql(),
    http.importSamples({ first: 1_000, count: IMPORTED }),
  ]);

  const [row] = await cluster.sql('select sum(version) as versions from records where workspace_id = $1', [workspace]);
  await eventually(() => {
    for (const { client } of screens) {
      const shown = [...client.store.values()].reduce((sum, { version }) => sum + version, 0);
      expect(shown).toBe(Number(row?.['versions']));
      expect(client.fetching).toBe(0);
    }
  });
  for (const one of [...screens, http, psql]) one.end();

  const { findings, acknowledged, sent } = checkHistory(
    log.events,
    await dumpWorkspace(cluster.database.ownerUrl, workspace),
  );
  expect(findings.map(({ kind, what }) => `${kind}: ${what}`)).toEqual([]);
  expect(sent).toBe(6 * EDITS);
  expect(acknowledged).toBeGreaterThan(2 * EDITS);
  for (const kind of ['conflict-shown', 'lock-granted', 'applied', 'snapshot', 'import-ended'] as const)
    expect(log.events.map((event) => event.kind)).toContain(kind);
});
