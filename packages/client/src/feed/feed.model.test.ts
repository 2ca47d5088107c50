import { parseIbeSegment } from '@meldesync/domain';
import { type Cursor, type Frame, parseCursor, type Range, type Reset } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transaction } from '../../test/arbitraries.ts';
import { setUpFeed } from '../../test/feed-setup.ts';
import { mergeFrames } from '../../test/merge-frames.ts';
import { bareRecords, expectedRecords, type Intent, type ReferenceFeed } from '../../test/reference-feed.ts';
import type { ClientRecord } from '../types/records.ts';
import { type FeedSnapshot } from './feed.ts';

/** What may happen between the feed and a client; see `play`. */
type Action =
  | { readonly do: 'commit'; readonly intents: readonly Intent[] }
  | { readonly do: 'publish'; readonly count: number; readonly asRange: boolean }
  | { readonly do: 'deliver'; readonly count: number; readonly isMerged: boolean }
  | { readonly do: 'ask'; readonly count: number }
  | { readonly do: 'answer' }
  | { readonly do: 'lose'; readonly count: number }
  | { readonly do: 'repeat'; readonly count: number }
  | { readonly do: 'page' }
  | { readonly do: 'refresh-page' }
  | { readonly do: 'trim'; readonly keep: number }
  | { readonly do: 'back-up' | 'restore' | 'cut' };

const count = fc.integer({ min: 1, max: 4 });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('commit' as const), intents: transaction }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), count, asRange: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), count, isMerged: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const), count }) },
  { weight: 3, arbitrary: fc.constant({ do: 'answer' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), count }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), count }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('page' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('refresh-page' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trim' as const), keep: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('back-up' as const, 'restore' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
);

interface Load {
  readonly snapshot: FeedSnapshot;
  readonly cursor: string;
  readonly after: number;
}

const FIRST_EPOCH = '00000000';
/** Missed frames beyond this are told of as a range. */
const MAX_PUSHED = 4;

function rangeOf(frames: readonly Frame[]): Range {
  const changes = frames.reduce((sum, frame) => sum + frame.changes.length, 0);
  return { type: 'range', from: frames[0]?.prev ?? '0-0', to: frames.at(-1)?.id ?? '0-0', changes };
}

/** Whoever edits a record on the version shown has seen everything up to it: each value is of that version or a later one. */
function expectNothingOlder(model: ReferenceFeed, record: ClientRecord): void {
  for (const field of ['ibe', 'caseId', 'done', 'assignee', 'note'] as const) {
    const values: unknown[] = [];
    for (let version = record.version; ; version++) {
      const known = model.version(record.id, version);
      if (!known) break;
      values.push(known[field]);
    }
    expect(values).toContain(record[field]);
  }
}

/** A client with a connection that does everything wrong a connection can. */
function createPlayer() {
  const { model, store, feed, restores } = setUpFeed();
  /** What is on its way, null while not subscribed. */
  let line: (Frame | Range)[] | null = null;
  /** A page of a range on its way. */
  let page: { readonly after: Cursor; readonly frames: readonly Frame[] } | null = null;
  let load: Load | null = null;
  let refresh: Load | null = null;
  let sent = 0;
  let pulled = 0;

  const loadPage = (current: Load | null): Load | null => {
    const page = model.page(current?.after ?? 0, 3);
    const isOtherEpoch = current && parseCursor(current.cursor).epoch !== parseCursor(page.cursor).epoch;
    if (isOtherEpoch) {
      return null;
    }
    const { snapshot, cursor } = current ?? { snapshot: feed.openSnapshot(), cursor: page.cursor };
    snapshot.addPage(page.records);
    if (page.next !== null) return { snapshot, cursor, after: page.next };
    snapshot.finish(cursor);
    return null;
  };

  const reset = (reason: Reset['reason']): void => {
    feed.reset(reason);
    load = null;
    line = null;
  };

  const subscribe = (): void => {
    const cursor = feed.continueIn(model.epoch);
    if (cursor === null) return;
    const frames = model.after(cursor);
    if (typeof frames === 'string') {
      reset(frames);
      return;
    }
    line = frames.length > MAX_PUSHED ? [rangeOf(frames)] : [...frames];
  };

  /** Gives the feed what came; false when something is missing before it. */
  const receive = (items: readonly (Frame | Range)[], isMerged: boolean): boolean => {
    let run: Frame[] = [];
    const flush = (): boolean => {
      const frames = isMerged ? mergeFrames(run) : run;
      run = [];
      return feed.receive(frames) !== 'gap';
    };
    for (const item of items) {
      const isRange = 'from' in item;
      // A node merges frames that follow on each other, and none over a range.
      const isNext = !isRange && (run.length === 0 || run.at(-1)?.id === item.prev);
      if (!isNext && !flush()) return false;
      if (!isRange) run.push(item);
      else if (!feed.skip(item)) return false;
    }
    return flush();
  };

  const play = (step: Action): void => {
    switch (step.do) {
      case 'commit':
        model.commit(step.intents);
        break;
      case 'publish': {
        const before = model.head;
        model.publish(step.count);
        const frames = model.after(`${model.epoch}:${before}`);
        if (!line || typeof frames === 'string' || frames.length === 0) break;
        line.push(...(step.asRange ? [rangeOf(frames)] : frames));
        break;
      }
      case 'deliver': {
        if (!line) {
          subscribe();
          break;
        }
        const items = line.splice(0, step.count);
        sent += items.length;
        if (items.length > 0 && !receive(items, step.isMerged)) subscribe();
        break;
      }
      case 'ask': {
        const { missing } = feed;
        const frames = missing && model.after(missing.after);
        if (!missing || !frames) break;
        if (typeof frames === 'string') reset('too-old');
        else page = { after: missing.after, frames: mergeFrames(frames.slice(0, step.count)) };
        break;
      }
      case 'answer':
        if (page && feed.continueIn(parseCursor(page.after).epoch) !== null) {
          feed.receive(page.frames);
          pulled += 1;
        }
        page = null;
        break;
      case 'lose':
        line?.splice(0, step.count);
        break;
      case 'repeat': {
        const all = model.after(`${model.epoch}:0-0`);
        if (line && typeof all !== 'string') line.unshift(...all.slice(0, step.count));
        break;
      }
      case 'page':
        if (feed.continueIn(model.epoch) === null) load = loadPage(load);
        break;
      case 'refresh-page':
        refresh = loadPage(refresh);
        break;
      case 'trim':
        model.trim(step.keep);
        break;
      case 'back-up':
        model.backUp();
        break;
      case 'restore':
        model.restore();
        line = null;
        break;
      case 'cut':
        line = null;
        break;
    }
  };

  /** Lets everything arrive. */
  const settle = (): void => {
    play({ do: 'publish', count: 1000, asRange: false });
    const isRefreshing = (): boolean => refresh !== null;
    while (isRefreshing()) play({ do: 'refresh-page' });
    line = null;
    for (let i = 0; i < 1000; i++) {
      play({ do: 'page' });
      play({ do: 'deliver', count: 1000, isMerged: false });
      play({ do: 'ask', count: 3 });
      play({ do: 'answer' });
      if (line !== null && feed.missing === null && feed.hasReached(model.head)) return;
    }
    throw new Error('The client does not get to the head of the feed.');
  };

  /** Plays a step; what a person saw never goes back to an older version, but for a restore. */
  const playChecked = (step: Action): void => {
    const before = feed.cursor === null ? [] : [...store.values()];
    const restoresBefore = restores.filter(Boolean).length;
    play(step);
    expect(feed.fetching > 0).toBe(feed.missing !== null);
    for (const record of feed.cursor === null || model.epoch !== FIRST_EPOCH ? [] : store.values()) {
      expectNothingOlder(model, record);
    }
    if (restores.filter(Boolean).length > restoresBefore) return;
    for (const { id, version } of before) expect(store.get(id)?.version ?? version).toBeGreaterThanOrEqual(version);
  };

  return { model, store, play: playChecked, settle, counts: () => ({ sent, pulled }) };
}

describe('feed against its model', () => {
  it('R1.1 R3.5 R4.2 ends in the state of the model whatever is lost, repeated, skipped, cut, trimmed or restored', () => {
    let delivered = 0;
    let fetched = 0;
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80, size: 'max' }), (actions) => {
        const player = createPlayer();
        // Readers that follow the batches alone must arrive at the same state.
        const follower = new Map<number, ClientRecord>();
        player.store.subscribe((changes) => {
          if (changes.length === 0) {
            follower.clear();
            for (const record of player.store.values()) follower.set(record.id, record);
          }
          for (const { before, after } of changes) {
            expect(follower.get(before?.id ?? after?.id ?? 0)).toBe(before);
            if (after) follower.set(after.id, after);
            else if (before) follower.delete(before.id);
          }
        });
        for (const step of actions) player.play(step);
        player.settle();
        delivered += player.counts().sent;
        fetched += player.counts().pulled;
        expect(bareRecords(player.store.values())).toEqual(expectedRecords(player.model));
        expect(bareRecords(follower.values())).toEqual(expectedRecords(player.model));
        for (const record of player.store.values()) expect(record.mb).toEqual(parseIbeSegment(record.ibe));
      }),
      { numRuns: 500 },
    );
    expect(delivered).toBeGreaterThan(0);
    expect(fetched).toBeGreaterThan(0);
  });
});
