import type { ClientRecord } from '@meldesync/client';
import { BLANK_CONTENT } from '@meldesync/domain';
import { expect, it } from 'vitest';
import { StoreWatch } from './store-watch.ts';

const record = (id: number, version: number, note: string): ClientRecord => ({
  id,
  version,
  vorgangsnummer: 'v',
  ibe: 'i',
  ...BLANK_CONTENT,
  note,
  updatedAt: '2026-01-01T00:00:00Z',
  updatedBy: 'user:u1',
  mb: null,
});

function watchAt(records: readonly ClientRecord[]): StoreWatch {
  const watch = new StoreWatch();
  watch.replaced(records);
  return watch;
}

const NOTHING = { duplicated: 0, reordered: 0 };

it('finds nothing where versions go up, also by more than one', () => {
  const watch = watchAt([record(1, 1, 'a'), record(2, 4, 'a')]);
  watch.changed({ before: record(1, 1, 'a'), after: record(1, 2, 'b') });
  watch.changed({ before: record(2, 4, 'a'), after: record(2, 7, 'b') });
  expect(watch.anomalies).toEqual(NOTHING);
  expect(watch.versions).toBe(9);
});

it('takes newer values under the same version for what they are', () => {
  const watch = watchAt([record(1, 2, 'a')]);
  watch.changed({ before: record(1, 2, 'a'), after: record(1, 2, 'newer') });
  watch.changed({ before: record(1, 2, 'newer'), after: record(1, 4, 'newer') });
  expect(watch.anomalies).toEqual(NOTHING);
});

it('counts what is applied again and what goes back', () => {
  const watch = watchAt([record(1, 3, 'a')]);
  watch.changed({ before: record(1, 3, 'a'), after: record(1, 3, 'a') });
  expect(watch.anomalies).toEqual({ duplicated: 1, reordered: 0 });
  watch.changed({ before: record(1, 3, 'a'), after: record(1, 2, 'b') });
  expect(watch.anomalies).toEqual({ duplicated: 1, reordered: 1 });
});

it('a snapshot may pass versions over, but not go back', () => {
  const watch = watchAt([record(1, 3, 'a')]);
  watch.replaced([record(1, 9, 'b')]);
  expect(watch.anomalies).toEqual(NOTHING);
  expect(watch.snapshots).toBe(1);
  watch.replaced([record(1, 8, 'b')]);
  expect(watch.anomalies).toEqual({ duplicated: 0, reordered: 1 });
});
