import type { SnapshotPageInput } from '@meldesync/db';
import { BLANK_CONTENT } from '@meldesync/domain';
import type { SnapshotPage, SyncedRecord } from '@meldesync/protocol';
import { sampleMeldebestaetigung } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { EPOCH, WORKSPACE } from '../../test/lone-connection.ts';
import type { Feeds } from '../feed/feeds.ts';
import { systemRuntime } from '../runtime.ts';
import { SnapshotPages } from './snapshot-pages.ts';

const TOTAL = 3_000;

/** Pages over a workspace of records of which nobody can read every tenth. */
function setUp({ pageBytes = 0 } = {}) {
  const asked: SnapshotPageInput[] = [];
  let turns = 0;
  // The cache takes 0 for no time at all.
  let now = 1;
  const feed = { epoch: EPOCH, position: '1-0', recent: { transactions: () => [], after: () => [] } };
  const pages = new SnapshotPages({
    feeds: { open: () => Promise.resolve(feed), flush: () => '1-0' } as unknown as Feeds,
    runtime: {
      ...systemRuntime,
      monotonicMs: () => now,
      soon: (callback) => {
        turns += 1;
        callback();
      },
    },
    readPage: (input) => {
      asked.push(input);
      const ids = Array.from({ length: Math.min(input.limit, TOTAL) }, (_, index) => input.after + index + 1);
      const records = ids.map((id) => (id % 10 === 0 ? { ...sample(id), updatedAt: 7 } : sample(id)) as SyncedRecord);
      return Promise.resolve({ visible: true, records, next: null, total: input.total ?? TOTAL });
    },
    encode: (json) => Promise.resolve(Buffer.from(json.padEnd(pageBytes))),
    onUnreadable: () => undefined,
  });
  return {
    asked,
    turns: () => turns,
    pass: (ms: number) => {
      now += ms;
    },
    page: async (after: number, limit: number, edition?: string) =>
      JSON.parse((await pages.page({ workspace: WORKSPACE, after, limit, edition })).toString()) as SnapshotPage,
    move: () => {
      feed.position = '2-0';
    },
  };
}

function sample(id: number): SyncedRecord {
  const updated = { updatedAt: '2026-01-22T10:00:00Z', updatedBy: 'user:anna' };
  return { ...BLANK_CONTENT, ...sampleMeldebestaetigung(1), ...updated, id, version: 1 };
}

it('R4.2 however many pages of a workspace are asked for, its records are counted once in a while', async () => {
  const { asked, page, pass } = setUp();
  for (let after = 0; after < 20; after++) expect((await page(after, 1)).total).toBe(TOTAL);
  expect(asked.map(({ total }) => total)).toEqual([undefined, ...Array.from({ length: 19 }, () => TOTAL)]);
  pass(2_001);
  await page(30, 1);
  expect(asked.at(-1)?.total).toBeUndefined();
});

it('R1.2 a large page is made in pieces, so that others have their turn between them, and is whole', async () => {
  const { page, turns } = setUp();
  const { records, unreadable = [] } = await page(0, TOTAL);
  expect(turns()).toBe(11);
  const all = [...records, ...unreadable].map(({ id }) => id).toSorted((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: TOTAL }, (_, index) => index + 1));
  expect(unreadable).toHaveLength(TOTAL / 10);
});

it('R4.2 an edition stays what it is for who reads it, however large it is and however slowly; it is counted once', async () => {
  const { asked, page, move, pass } = setUp({ pageBytes: 1024 * 1024 });
  const first = await page(0, 1);
  move();
  for (let after = 1; after <= 100; after++) {
    pass(30_000);
    expect(await page(after, 1, first.edition)).toMatchObject({ edition: first.edition, cursor: first.cursor });
  }
  // More than is kept: what was read first is read again, of the same edition.
  expect(await page(0, 1, first.edition)).toMatchObject({ edition: first.edition, cursor: first.cursor });
  expect(asked).toHaveLength(102);
  expect(asked.filter(({ total }) => total === undefined)).toHaveLength(1);
});

it('R4.2 who reads on at another node shares an edition there too', async () => {
  const elsewhere = await setUp().page(0, 1);
  const { asked, page } = setUp();
  const pages = await Promise.all(Array.from({ length: 50 }, () => page(1, 1, elsewhere.edition)));
  expect(new Set(pages.map(({ edition }) => edition))).toEqual(new Set([elsewhere.edition]));
  expect(asked).toHaveLength(1);
});
