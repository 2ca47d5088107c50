import { SHOWN_COLUMNS, type Shown } from '@meldesync/testkit';
import type { Meldesync } from '../systems/meldesync.ts';

/** What every client must show. */
export async function storedRecords({ database, workspace }: Meldesync): Promise<Shown[]> {
  const { rows } = await database.drizzle.execute(
    `select ${SHOWN_COLUMNS} from records where workspace_id = '${workspace}'`,
  );
  return rows.map((row) => ({ ...row, id: Number(row['id']), version: Number(row['version']) }) as Shown);
}

/** Sum of the versions of all records: it goes up by one with each change. */
export async function storedVersions({ database, workspace }: Meldesync): Promise<number> {
  const { rows } = await database.drizzle.execute(
    `select sum(version) as versions from records where workspace_id = '${workspace}'`,
  );
  return Number(rows[0]?.['versions']);
}
