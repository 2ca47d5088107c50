import type { BusFrame, FeedReader } from '@meldesync/bus';
import { expect, it } from 'vitest';
import { createFanout } from '../../feed/fanout.ts';
import { RecentRoom } from '../../feed/recent-frames.ts';
import { createTierFanout } from '../../feed/tier-fanout.ts';
import { WorkspaceFeed } from '../../feed/workspace-feed.ts';
import { systemRuntime } from '../../runtime.ts';
import { catchUp } from './catch-up.ts';

const EPOCH = '0123abcd';

function frame(number: number): BusFrame {
  const [id, prev] = [`${number}-0` as const, `${number - 1}-0` as const];
  const json = JSON.stringify({ id, prev, changes: [] });
  return { epoch: EPOCH, id, prev, txid: `${number}`, changes: 1, checksum: number, json };
}

/** What a node sends to a client that stood at frame 1, whose stream holds these frames and is opened with the last so many. */
async function sentAfterFirst(
  stream: readonly BusFrame[],
  opensWith: number,
): Promise<{ outcome: string; sent: string; lacked: number | undefined }> {
  const after = (position: string): BusFrame[] =>
    stream.filter(({ id }) => Number.parseInt(id, 10) > Number.parseInt(position, 10));
  const reader: Partial<FeedReader> = {
    follow: () => Promise.resolve(),
    newest: () => Promise.resolve(stream.slice(-opensWith)),
    range: (_epoch, _workspace, position) => Promise.resolve(after(position)),
    countAfter: (_epoch, _workspace, position) =>
      Promise.resolve(after(position)[0]?.prev === position ? after(position).length : undefined),
  };
  const runtime = systemRuntime;
  const feed = await WorkspaceFeed.open(
    {
      workspace: 'a workspace',
      epoch: EPOCH,
      reader: reader as FeedReader,
      room: new RecentRoom(),
      fanout: createFanout({ publish: () => undefined, liveCount: () => 0, runtime }),
      tiers: createTierFanout({ publish: () => undefined, onMerged: () => undefined, count: () => 0, runtime }),
      confirmedPosition: () => Promise.resolve({ position: '0-0', checksum: 0 }),
      onBroken: () => undefined,
      onForeignEpoch: () => undefined,
      onError: (error) => expect.fail(String(error)),
      runtime,
    },
    () => undefined,
  );
  let sent = '';
  let lacked: number | undefined;
  const outcome = await catchUp(feed, `${EPOCH}:1-0`, {
    send: (text) => {
      sent += text;
    },
    isMerged: false,
    isStale: () => false,
    isWanted: () => true,
    sleep: () => Promise.resolve(),
    lacked: (frames) => {
      lacked = frames;
    },
    goLive: () => undefined,
  });
  return { outcome, sent, lacked };
}

it('R4.2 P13 a client gets what it missed from the stream', async () => {
  const { outcome, sent, lacked } = await sentAfterFirst([frame(1), frame(2), frame(3)], 1);
  expect(outcome).toBe('live');
  expect(lacked).toBe(2);
  expect(sent).toContain('"id":"2-0"');
  expect(sent).toContain('"id":"3-0"');
});

it.each([
  { where: 'in the stream', opensWith: 1 },
  { where: 'in what a node opened with', opensWith: 5 },
])('R4.2 P13 a client gets nothing over a frame that was deleted from within: $where', async ({ opensWith }) => {
  const { outcome, sent } = await sentAfterFirst([frame(1), frame(2), frame(4), frame(5)], opensWith);
  expect(outcome).toBe('too-old');
  expect(sent).toBe('');
});
