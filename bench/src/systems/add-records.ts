import { runSql, sampleMeldebestaetigung } from '@meldesync/testkit';

/** Adds sample records to a workspace, from the `first` on, past the application. @returns their internal ids */
export async function addRecords(ownerUrl: string, workspace: string, count: number, first = 1): Promise<number[]> {
  const samples = Array.from({ length: count }, (_, index) => sampleMeldebestaetigung(first + index));
  const rows = await runSql(
    ownerUrl,
    `insert into records (workspace_id, vorgangsnummer, ibe)
     select $1, v, i from unnest($2::text[], $3::text[]) as sample(v, i) returning id`,
    [workspace, samples.map((sample) => sample.vorgangsnummer), samples.map((sample) => sample.ibe)],
  );
  return rows.map((row) => Number(row['id']));
}
