import type { RecordLookUp, SyncedRecord } from '@meldesync/protocol';
import { and, asc, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { records } from '../schema/index.ts';
import { syncedColumns, toSyncedRecord } from './record-columns.ts';

export interface LookUpInput extends RecordLookUp {
  readonly workspaceId: string;
  /** At most so many records are found. */
  readonly limit: number;
}

export interface FoundRecords {
  /** By id. */
  readonly records: SyncedRecord[];
  /** There are more. */
  readonly isCut: boolean;
}

/** Behind every hexadecimal digit, in any collation. */
const PAST_DIGITS = 'g';

/** The records of a workspace that are named in one of several ways, each read by its index, but for case ids that no record has as they stand. */
export async function lookUpRecords(executor: Executor, input: LookUpInput): Promise<FoundRecords> {
  const { records: ids = [], caseIds = [], vorgangsnummern = [], wholeCases = false } = input;
  const found = new Map<number, SyncedRecord>();
  const add = async (condition: SQL | undefined): Promise<SyncedRecord[]> => {
    const rows = await select(executor, input, condition);
    for (const row of rows) found.set(row.id, row);
    return rows;
  };

  if (ids.length > 0) await add(inArray(records.id, [...ids]));
  for (const start of vorgangsnummern) await add(startsWith(start));
  if (caseIds.length > 0) {
    const exact = new Set((await add(inArray(records.caseId, [...caseIds]))).map(({ caseId }) => caseId));
    const others = caseIds.filter((caseId) => !exact.has(caseId));
    if (others.length > 0) await add(similarTo(others));
  }
  if (wholeCases) {
    const cases = new Set([...found.values()].flatMap(({ caseId }) => caseId ?? []));
    if (cases.size > 0) await add(inArray(records.caseId, [...cases]));
  }

  const rows = [...found.values()].sort((one, other) => one.id - other.id);
  return { records: rows.slice(0, input.limit).map(toSyncedRecord), isCut: rows.length > input.limit };
}

function select(executor: Executor, { workspaceId, limit }: LookUpInput, condition: SQL | undefined) {
  return executor
    .select(syncedColumns)
    .from(records)
    .where(and(eq(records.workspaceId, workspaceId), condition))
    .orderBy(asc(records.id))
    .limit(limit + 1);
}

function startsWith(start: string): SQL | undefined {
  return and(gte(records.vorgangsnummer, start), lt(records.vorgangsnummer, start + PAST_DIGITS));
}

/** The same but for capitals and blanks. No index has it: all records of the workspace that have a case id are read. */
function similarTo(caseIds: readonly string[]): SQL | undefined {
  const folded = (text: SQL): SQL => sql`lower(regexp_replace(${text}, '[[:space:]\u00A0]+', '', 'g'))`;
  return or(...caseIds.map((caseId) => sql`${folded(sql`${records.caseId}`)} = ${folded(sql`${caseId}::text`)}`));
}
