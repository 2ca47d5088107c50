import type { EditItem } from '@meldesync/protocol';
import type { Cluster, SampleOptions, TestPerson } from '@meldesync/testkit';

const CASES = 46;
const INDIKATIONEN = ['R', 'O', 'R', 'H', 'R', 'O'] as const;

/** Cases of every kind: complete, half, without a number; nearly all of them sound. Numbers that no hospital has, entered by a person. */
export async function addDemoCases(cluster: Cluster, person: TestPerson): Promise<void> {
  const items: EditItem[] = [];
  let number = 1;
  const add = async (caseId: string, options: SampleOptions) => {
    const [record = 0] = await cluster.addRecords(1, { first: number++, ...options });
    items.push({ record, baseVersion: 1, set: { caseId } });
  };
  for (let index = 0; index < CASES; index++) {
    const caseId = `F-${10_201 + index}`;
    const indikation = INDIKATIONEN[index % INDIKATIONEN.length] ?? 'R';
    const isHalf = index % 9 === 8;
    const qualitaetskontrolle = index % 13 === 6 ? 0 : 1;
    if (!isHalf || index % 2 === 0) await add(caseId, { artDerDaten: 'G', indikation, qualitaetskontrolle });
    if (!isHalf || index % 2 === 1) await add(caseId, { artDerDaten: 'C', indikation });
  }
  await cluster.api(person).edit(cluster.workspace, { operation: 'demo-cases', items });
  await cluster.addRecords(3, { first: number });
}
