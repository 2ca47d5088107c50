import type { RecordLookUp } from '@meldesync/protocol';
import { expectProblem, type TestPerson } from '@meldesync/testkit';
import { beforeAll, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const { cluster, anna, call, inWorkspace } = await setUpApi();
const { workspace } = cluster;
let genomic: number;
let clinical: number;
let other: number;
let foreign: number;
let olga: TestPerson;

beforeAll(async () => {
  [genomic = 0] = await cluster.addRecords(1, { first: 100, caseId: 'F-Ä 10', artDerDaten: 'G' });
  [clinical = 0] = await cluster.addRecords(1, { first: 101, caseId: 'F-Ä 10', artDerDaten: 'C' });
  [other = 0] = await cluster.addRecords(1, { first: 102, caseId: 'f-ä10x' });
  const second = await cluster.addWorkspace('Zweitklinik');
  [foreign = 0] = await cluster.addRecords(1, { first: 100, caseId: 'F-Ä 10', workspace: second });
  olga = await cluster.addPerson('Olga', { workspace: second, role: 'admin' });
});

async function find(lookUp: RecordLookUp): Promise<number[]> {
  const { records, isCut } = await cluster.api(anna).lookUpRecords(workspace, lookUp);
  expect(isCut).toBe(false);
  return records.map(({ id }) => id);
}

const numberOf = async (record: number) => (await cluster.api(anna).record(workspace, record)).vorgangsnummer;

it('P68 records are found by id, by case id and by the beginning of the Vorgangsnummer, each once and by id', async () => {
  expect(await find({ records: [clinical, genomic, clinical] })).toEqual([genomic, clinical]);
  expect(await find({ caseIds: ['F-Ä 10'] })).toEqual([genomic, clinical]);
  const whole = await numberOf(clinical);
  expect(await find({ vorgangsnummern: [whole] })).toEqual([clinical]);
  expect(await find({ vorgangsnummern: [whole.slice(0, 12)], records: [clinical] })).toEqual([clinical]);
  expect(await find({ vorgangsnummern: [whole], wholeCases: true })).toEqual([genomic, clinical]);
  expect(await find({})).toEqual([]);
});

it.each(['f-ä 10', 'F-Ä10', ' f - ä 1 0', 'F-\u00c4\u00a010'])(
  'P68 %j is a case id that differs in capitals and blanks',
  async (caseId) => {
    expect(await find({ caseIds: [caseId] })).toEqual([genomic, clinical]);
  },
);

it('P68 a case id that there is stands for itself alone', async () => {
  const [near = 0] = await cluster.addRecords(1, { first: 110, caseId: 'F-Ä10' });
  expect(await find({ caseIds: ['F-Ä10'] })).toEqual([near]);
  expect(new Set(await find({ caseIds: ['f-ä10'] }))).toEqual(new Set([genomic, clinical, near]));
  expect(await find({ caseIds: ['f-ä10X'] })).toEqual([other]);
});

it('R5.4 nothing of another workspace is found by anything', async () => {
  expect(await find({ records: [foreign] })).toEqual([]);
  const asOlga = await call(inWorkspace('/record-lookups'), { as: olga, method: 'POST', json: { records: [genomic] } });
  await expectProblem(asOlga, 'workspace-not-found');
});

it('P68 what is in another form is refused, and signs that mean something to SQL mean nothing', async () => {
  for (const json of [{ vorgangsnummern: ['abc'] }, { vorgangsnummern: ['ABCD'] }, { records: [0] }, { case: 'x' }]) {
    const answer = await call(inWorkspace('/record-lookups'), { method: 'POST', json });
    expect(answer.status).toBe(422);
  }
  for (const caseId of ['%', '_', 'F-Ä%', "'", '.*', '\\']) expect(await find({ caseIds: [caseId] })).toEqual([]);
});

it('P68 of very many a thousand are brought, and it is said that there are more', async () => {
  await cluster.addRecords(1_001, { first: 10_000, caseId: 'F-viele' });
  const { records, isCut } = await cluster.api(anna).lookUpRecords(workspace, { caseIds: ['F-viele'] });
  expect([records.length, isCut]).toEqual([1_000, true]);
});
