import { runSql, sampleMeldebestaetigung } from '@meldesync/testkit';

/**
 * Adds workspaces of one record each, with everybody of another workspace as their editors; all in one step, past the application.
 * @returns their ids
 */
export async function addWorkspaces(
  ownerUrl: string,
  { like, count, first }: { readonly like: string; readonly count: number; readonly first: number },
): Promise<string[]> {
  const samples = Array.from({ length: count }, (_, index) => sampleMeldebestaetigung(first + index));
  const rows = await runSql(
    ownerUrl,
    `with made as (insert into workspaces (name) select 'Idle ' || $5::int + n from generate_series(1, $2::int) as n returning id),
          peopled as (insert into members (workspace_id, user_id, role)
                      select made.id, user_id, role from made, members where workspace_id = $1),
          numbered as (select id, row_number() over () as n from made),
          filled as (insert into records (workspace_id, vorgangsnummer, ibe)
                     select id, v, i from numbered
                     join unnest($3::text[], $4::text[]) with ordinality as sample(v, i, n) using (n))
     select id from made`,
    [like, count, samples.map((sample) => sample.vorgangsnummer), samples.map((sample) => sample.ibe), first],
  );
  return rows.map((row) => String(row['id']));
}
