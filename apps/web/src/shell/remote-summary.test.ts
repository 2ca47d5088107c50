import type { AppliedChange, ClientRecord } from '@meldesync/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { COLLECT_MS, collectRemoteChanges, type RemoteSummary } from './remote-summary.ts';

function change(record: number, caseId: string | null, by: string, own = false): AppliedChange {
  const after = { caseId } as ClientRecord;
  const made = { record, version: 2, op: 'update', set: {}, by, via: 'web', at: '' } as const;
  return { change: made, before: after, after, own };
}

describe('collectRemoteChanges', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function setUp() {
    let feed: (changes: readonly AppliedChange[]) => void = () => undefined;
    const heard: RemoteSummary[] = [];
    const stop = collectRemoteChanges(
      {
        subscribe(listener) {
          feed = listener;
          return () => undefined;
        },
      },
      (summary) => heard.push(summary),
    );
    return { feed: (...changes: AppliedChange[]) => feed(changes), heard, stop };
  }

  it('says once what several people changed, the two halves of a case as one', () => {
    const { feed, heard } = setUp();
    feed(change(1, 'A', 'user:a'), change(2, 'A', 'user:a'));
    feed(change(3, null, 'user:b'));
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(COLLECT_MS);
    expect(heard.map(({ people, cases }) => [people.size, cases.size])).toEqual([[2, 2]]);
    vi.advanceTimersByTime(COLLECT_MS * 2);
    expect(heard).toHaveLength(1);
  });

  it('is silent about own changes, and after it was stopped', () => {
    const { feed, heard, stop } = setUp();
    feed(change(1, 'A', 'user:a', true));
    vi.advanceTimersByTime(COLLECT_MS);
    feed(change(1, 'A', 'user:b'));
    stop();
    vi.advanceTimersByTime(COLLECT_MS);
    expect(heard).toEqual([]);
  });
});
