import { expect, it } from 'vitest';
import { EPOCH, WORKSPACE } from '../../test/lone-connection.ts';
import type { WorkspaceFeed } from '../feed/workspace-feed.ts';
import { CHECKSUM_KEPT_MS, WorkspaceChecksums } from './workspace-checksums.ts';

/** The feed, Postgres and time in the hands of a test; how often all records were read. */
function setUp() {
  const feed = { epoch: EPOCH, position: '1-0', checksum: 7 };
  // The cache takes 0 for no time at all.
  let now = 1;
  let reads = 0;
  const checksums = new WorkspaceChecksums({
    feeds: { open: () => Promise.resolve(feed as unknown as WorkspaceFeed) },
    read: () => {
      reads += 1;
      return Promise.resolve({ checksum: 7, records: reads });
    },
    runtime: { monotonicMs: () => now },
  });
  return {
    feed,
    ask: async () => (await checksums.ask(WORKSPACE)).records,
    reads: () => reads,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('R1.1 however many ask, all records are read once while the feed stands still', async () => {
  const { ask, reads } = setUp();
  await Promise.all(Array.from({ length: 50 }, ask));
  for (let count = 0; count < 50; count++) expect(await ask()).toBe(1);
  expect(reads()).toBe(1);
});

it('R1.1 all are read again when the feed has gone on, or when what was read is old: it may have been changed past the feed', async () => {
  const { feed, ask, pass } = setUp();
  expect(await ask()).toBe(1);
  feed.position = '2-0';
  expect(await ask()).toBe(2);
  pass(CHECKSUM_KEPT_MS - 1);
  expect(await ask()).toBe(2);
  pass(2);
  expect(await ask()).toBe(3);
});
