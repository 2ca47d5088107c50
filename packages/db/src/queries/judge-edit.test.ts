import { normalisePatch, type RecordPatch } from '@meldesync/domain';
import type { SyncedRecord } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import vectors from '../../../protocol/vectors/patches.json' with { type: 'json' };
import { judgeEdit } from './judge-edit.ts';

type Edited = Pick<SyncedRecord, 'version' | 'caseId' | 'done' | 'assignee' | 'note'>;

/** A record, an item on it, and what becomes of both. */
interface PatchVector {
  readonly name: string;
  readonly record: Edited;
  readonly baseVersion: number;
  readonly set: RecordPatch;
  readonly outcome: 'accepted' | 'conflict' | 'rejected';
  readonly code?: string;
  readonly after?: Edited;
}

const RECEIVED = {
  id: 7,
  vorgangsnummer: 'v',
  ibe: 'i',
  updatedAt: '2026-01-22T10:00:00.000000Z',
  updatedBy: 'user:u1',
};

it.each(vectors.patches as PatchVector[])('P17 P27 P65 $name', ({ record, baseVersion, set, outcome, code, after }) => {
  const normalised = normalisePatch(set);
  if (!normalised.ok) throw new Error('the vector sets what is not allowed');
  const verdict = judgeEdit([{ record: 7, baseVersion, set: normalised.patch }], {
    records: new Map([[7, { ...RECEIVED, ...record }]]),
    deleted: new Set(),
    lockedByOthers: new Map(),
    assignable: new Set(),
    ownConflicts: new Map(),
  }).get(7);
  expect(verdict).toMatchObject({
    verdict: outcome,
    ...(code !== undefined && { code }),
    ...(after && { next: { ...RECEIVED, ...after } }),
  });
});
