import type { SyncedRecord } from '@meldesync/protocol';
import type { Meldesync } from '../systems/meldesync.ts';

/** A record as Postgres holds it, without its time, of which Postgres and the wire have different forms. */
export type StoredRecord = Omit<SyncedRecord, 'updatedAt'>;

/** What every client must show. */
export async function storedRecords({ database, workspace }: Meldesync): Promise<StoredRecord[]> {
  const { rows } = await database.drizzle.execute(
    `select id, version, vorgangsnummer, ibe, case_id as "caseId", done, assignee, note, updated_by as "updatedBy"
     from records where workspace_id = '${workspace}'`,
  );
  return rows.map((row) => ({ ...row, id: Number(row['id']), version: Number(row['version']) }) as StoredRecord);
}

/** Sum of the versions of all records: it goes up by one with each change. */
export async function storedVersions({ database, workspace }: Meldesync): Promise<number> {
  const { rows } = await database.drizzle.execute(
    `select sum(version) as versions from records where workspace_id = '${workspace}'`,
  );
  return Number(rows[0]?.['versions']);
}
