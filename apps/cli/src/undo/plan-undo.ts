import { type ClientRecord, type EditIntent, SyncError } from '@meldesync/client';
import { EDITABLE_FIELDS, type RecordPatch } from '@meldesync/domain';
import type { ChangedFields, HistoryEntry } from '@meldesync/protocol';
import type { WorkspaceService } from '../session/service.ts';
import { lookUpRecords } from '../target/look-up.ts';
import type { MadeEdit } from './last-edits.ts';

/** What taking an edit back sends, and the records for which nothing of it is there any more. */
export interface UndoPlan {
  readonly intents: readonly EditIntent[];
  readonly gone: readonly number[];
}

/** Plans to give each record what its history says it had before the edit. */
export async function planUndo(service: WorkspaceService, edit: MadeEdit): Promise<UndoPlan> {
  const records = await lookUpRecords(
    service,
    edit.map(({ record }) => record),
  );
  const intents: EditIntent[] = [];
  const gone: number[] = [];
  for (const { record, version } of edit) {
    const shown = records.get(record);
    const entry = shown && (await entryAt(service, record, version));
    if (shown && entry) intents.push(intentOf(shown, entry));
    else gone.push(record);
  }
  return { intents, gone };
}

/**
 * While the fields are as the edit left them, what others changed beside them is no obstacle. Otherwise it is based on the version that
 * the edit made, so that the server says what stands against it (R2.1, R2.2).
 */
function intentOf(shown: ClientRecord, { before, after, version }: HistoryEntry): EditIntent {
  const fields = EDITABLE_FIELDS.filter((field) => after[field] !== undefined);
  const valuesIn = (of: ChangedFields): RecordPatch =>
    Object.fromEntries(fields.map((field) => [field, of[field] ?? null]));
  const set = valuesIn(before);
  const isUntouched = fields.every((field) => shown[field] === after[field]);
  return { seen: isUntouched ? shown : { ...shown, ...valuesIn(after), version }, set };
}

/** The entry of a record's history that made this version; undefined where it is not kept any more. */
async function entryAt(
  { api, workspace }: WorkspaceService,
  record: number,
  version: number,
): Promise<HistoryEntry | undefined> {
  try {
    const { entries } = await api.history(workspace.id, record, { before: version + 1 });
    return entries.find((entry) => entry.version === version);
  } catch (error) {
    if (error instanceof SyncError && error.code === 'record-not-found') return undefined;
    throw error;
  }
}
