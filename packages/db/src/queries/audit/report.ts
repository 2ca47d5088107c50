import type { AuditReport, RecordLock } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import type { Database } from '../../connect.ts';
import { ActRefusedError, type Author } from '../administration/act.ts';
import { recordLook } from './list-act.ts';
import { detailRows } from './list-details.ts';
import { recordsOfCase } from './list-records.ts';
import { momentOf, readRows } from './list-rows.ts';
import {
  readConflicts,
  readImportRows,
  readImports,
  readOperations,
  readReaders,
  readRecords,
} from './report-parts.ts';

/** So many entries of each part a report has at most; of a case there are some hundred. */
const MOST = 5_000;

/** Of which case everything is wanted, and by whom. */
export interface ReportInput {
  readonly author: Author;
  readonly workspaceId: string;
  readonly caseId: string;
  /** The locks that are held in the workspace now: they are not in the database. */
  readonly locks: readonly RecordLock[];
}

/**
 * All that is held about one case, in one snapshot; that it was asked for is on record by the ids of the records (R5.5). Throws
 * `ActRefusedError`: `record-not-found` where no record is or was in it.
 */
export async function reportCase(database: Database, input: ReportInput): Promise<AuditReport> {
  const { author, workspaceId, caseId, locks } = input;
  return database.drizzle.transaction(
    async (tx) => {
      const ids = await recordsOfCase(tx, workspaceId, caseId);
      if (ids.length === 0) throw new ActRefusedError('record-not-found');
      await recordLook(tx, { author, kind: 'audit-reported', workspaceId, after: { records: ids } });
      const scope = { workspaceId, ids, limit: MOST };
      const { rows } = await tx.execute<{ at: string }>(sql`select ${momentOf(sql`now()`)} as at`);
      const importRows = await readImportRows(tx, scope);
      const history = await readRows(tx, {
        view: { workspaceId, filter: {} },
        records: ids,
        direction: 'newer',
        from: null,
        until: null,
        limit: MOST,
      });
      const parts = {
        records: await readRecords(tx, scope),
        history: (await detailRows(tx, history)).map(({ entry }) => entry),
        conflicts: await readConflicts(tx, scope),
        imports: await readImports(tx, scope, [...new Set(importRows.map(({ import: id }) => id))]),
        importRows,
        operations: await readOperations(tx, scope),
        readers: await readReaders(tx, scope),
      };
      return {
        case: caseId,
        at: rows[0]?.at ?? '',
        recordIds: ids,
        ...parts,
        locks: locks.filter(({ records }) => records.some((id) => ids.includes(id))),
        isCut: Object.values(parts).some((part) => part.length >= MOST),
      };
    },
    { isolationLevel: 'repeatable read' },
  );
}
