import { editItem, operationId, recordPatch, syncedRecord } from '@meldesync/protocol';
import { z } from 'zod';
import { toClientRecord } from '../store/client-record.ts';
import type { ClientRecord, EditIntent } from '../types.ts';
import type { KeptEdit, KeptIntent } from './sync-persistence.ts';

const keptEdit = z.object({
  operation: operationId,
  order: z.number(),
  intents: z
    .array(
      z.object({ seen: syncedRecord, set: recordPatch, resolves: editItem.shape.resolves.unwrap().exactOptional() }),
    )
    .min(1),
  bases: z.array(z.object({ from: z.int().positive(), to: z.int().positive() })).nullable(),
});

/** An edit as it was kept; null when it is none. */
export function parseKeptEdit(value: unknown): KeptEdit | null {
  const parsed = keptEdit.safeParse(value);
  if (!parsed.success) return null;
  const { bases, intents } = parsed.data;
  return bases && bases.length !== intents.length ? null : parsed.data;
}

/** An intent as it is kept: the parsed segment is made again. */
export function toKeptIntent({ seen, set, resolves }: EditIntent): KeptIntent {
  return { seen: toSyncedRecord(seen), set, ...(resolves ? { resolves } : {}) };
}

/** A kept intent as it was; `known` is the record as the store holds it. */
export function toIntent({ seen, set, resolves }: KeptIntent, known: ClientRecord | undefined): EditIntent {
  return { seen: toClientRecord(seen, known), set, ...(resolves ? { resolves } : {}) };
}

/** The record as it came. */
export function toSyncedRecord({ mb: _mb, ...record }: ClientRecord): KeptIntent['seen'] {
  return record;
}
