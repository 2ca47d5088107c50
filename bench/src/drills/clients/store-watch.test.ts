import { describe, expect, it } from 'vitest';
import { StoreWatch } from './store-watch.ts';

const update = (record: number, version: number) => ({
  record,
  version,
  op: 'update' as const,
  set: { note: `${version}` },
});

function watchAt(versions: Readonly<Record<number, number>>): StoreWatch {
  const watch = new StoreWatch();
  watch.replaced(Object.entries(versions).map(([id, version]) => ({ id: Number(id), version })));
  return watch;
}

describe('R1.1 what a client shows', () => {
  it('is in order when each version follows on the one before', () => {
    const watch = watchAt({ 1: 1, 2: 4 });
    watch.changed(update(1, 2));
    watch.changed(update(2, 5));
    watch.changed(update(1, 3));
    expect(watch.anomalies).toEqual({ duplicated: 0, reordered: 0, skipped: 0 });
    expect(watch.versions).toBe(8);
    expect(watch.snapshots).toBe(0);
  });

  it('counts a version that comes twice, one that goes back and those left out', () => {
    const watch = watchAt({ 1: 3 });
    watch.changed(update(1, 3));
    watch.changed(update(1, 2));
    watch.changed(update(1, 6));
    expect(watch.anomalies).toEqual({ duplicated: 1, reordered: 1, skipped: 2 });
    expect(watch.version(1)).toBe(6);
  });

  it('may jump ahead with a snapshot, and not back', () => {
    const watch = watchAt({ 1: 3, 2: 3 });
    watch.replaced([
      { id: 1, version: 9 },
      { id: 2, version: 2 },
    ]);
    expect(watch.anomalies).toEqual({ duplicated: 0, reordered: 1, skipped: 0 });
    expect(watch.snapshots).toBe(1);
    expect(watch.versions).toBe(12);
  });
});

it('a change that sets nothing is none: what it completes was shown before', () => {
  const watch = watchAt({ 1: 2 });
  watch.changed(update(1, 3));
  watch.changed({ record: 1, version: 3, op: 'update', set: {} });
  expect(watch.anomalies).toEqual({ duplicated: 0, reordered: 0, skipped: 0 });
});
