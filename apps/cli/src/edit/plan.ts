import type { ClientRecord, EditIntent } from '@meldesync/client';
import { isAsPatched } from '@meldesync/domain';
import { EDIT_LIMITS, type RecordPatch } from '@meldesync/protocol';
import { CliError } from '../errors.ts';
import { recordsOfTarget, type Target } from '../target/target.ts';

/** What an edit sends, and the records that already are as wanted. */
export interface EditPlan {
  readonly intents: readonly EditIntent[];
  readonly unchanged: readonly ClientRecord[];
}

/**
 * Plans an edit of everything the targets stand for, each record once. Without a base version, records that already have the wanted values
 * are left alone, and each other one is based on the version just read. With one, the target must be a single record,
 * and the server decides. Throws `baseVersionNeedsOneRecord` or `tooManyRecords`.
 */
export function planEdit(
  targets: readonly Target[],
  texts: readonly string[],
  set: RecordPatch,
  baseVersion: number | undefined,
): EditPlan {
  const records = [...new Map(targets.flatMap(recordsOfTarget).map((record) => [record.id, record])).values()];
  const [only, ...others] = records;
  if (baseVersion !== undefined && only !== undefined) {
    if (others.length > 0) {
      const candidates = records.map(({ id }) => `record:${id}`).join(', ');
      throw new CliError('baseVersionNeedsOneRecord', { target: texts.join(', '), count: records.length, candidates });
    }
    return { intents: [{ seen: { ...only, version: baseVersion }, set }], unchanged: [] };
  }
  const unchanged = records.filter((record) => isAsPatched(record, set));
  const changed = records.filter((record) => !isAsPatched(record, set));
  if (changed.length > EDIT_LIMITS.itemsPerEdit) {
    throw new CliError('tooManyRecords', { count: changed.length, limit: EDIT_LIMITS.itemsPerEdit });
  }
  return { intents: changed.map((seen) => ({ seen, set })), unchanged };
}
