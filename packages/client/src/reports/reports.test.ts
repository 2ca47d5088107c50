import type { Frame } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { createReports } from './reports.ts';
import { createServerClock } from './server-clock.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
/** The node's clock is so much ahead of the client's. */
const AHEAD_MS = 60_000;

function setUp(random = 0.5) {
  const time = createVirtualTime(() => random);
  const { runtime } = time;
  // A name of an operation is no random UUID in these tests.
  const reports = createReports({ ...runtime, randomId: () => crypto.randomUUID() });
  const ping = (): void => {
    const sentAt = runtime.now();
    time.advance(5);
    const at = runtime.now() + AHEAD_MS;
    time.advance(5);
    reports.ponged(sentAt, at);
  };
  const frame = (agoMs: number, trace?: string): Frame => ({
    id: '1-0',
    prev: '0-0',
    changes: [],
    at: runtime.now() + AHEAD_MS - agoMs,
    ...(trace === undefined ? {} : { trace }),
  });
  const receive = (frames: readonly Frame[]) => reports.received(frames, runtime.now() + AHEAD_MS, runtime.now());
  return { time, runtime, reports, ping, frame, receive };
}

it('P50 tells nothing that the server does not ask for, and nothing before it knows the clock', () => {
  const { reports, ping, frame, receive } = setUp();
  ping();
  receive([frame(5)]);
  expect([reports.clicked('edit'), reports.take()]).toEqual([undefined, undefined]);
  reports.welcomed({ applied: 1 });
  receive([frame(5)]);
  expect([reports.clicked('edit'), reports.take()]).toEqual([undefined, undefined]);
});

it('P50 tells of a share of frames by the clock of the node, once', () => {
  const { runtime, reports, ping, frame, receive } = setUp();
  reports.welcomed({ applied: 0.6 });
  ping();
  const now = runtime.now() + AHEAD_MS;
  receive([frame(20, TRACE)]);
  expect(reports.take()).toEqual({
    type: 'report',
    applied: [{ committedAt: now - 20, sentAt: now, receivedAt: now, appliedAt: now, trace: TRACE }],
    spans: [],
  });
  expect(reports.take()).toBeUndefined();
});

it('P50 tells of what was slow whatever the share, three times a ping, and says so', () => {
  const { reports, ping, frame, receive } = setUp();
  reports.welcomed({ applied: 0.4 });
  ping();
  receive([frame(100), frame(101), frame(500), frame(1_000), frame(2_000)]);
  expect(reports.take()?.applied.map(({ isExtra }) => isExtra)).toEqual([true, true, true]);
  receive([frame(200)]);
  expect(reports.take()?.applied).toHaveLength(1);
});

it('P50 a click lasts until it was shown, and its trace goes with the edit', () => {
  const { time, runtime, reports, ping } = setUp(0.05);
  reports.welcomed({ applied: 0, traces: 0.1 });
  ping();
  const startedAt = runtime.now() + AHEAD_MS;
  const click = reports.clicked('edit');
  expect(click?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  time.advance(30);
  click?.shown('settled');
  const { traceparent } = click ?? { traceparent: '' };
  expect(reports.take()?.spans).toEqual([
    { name: 'edit', traceparent, startedAt, endedAt: startedAt + 30, outcome: 'settled' },
  ]);
});

it('P50 keeps no more than a report may hold, however long no ping goes out', () => {
  const { reports, ping, frame, receive } = setUp();
  reports.welcomed({ applied: 1, traces: 1 });
  ping();
  for (let i = 0; i < 100; i++) {
    receive([frame(1)]);
    reports.clicked('edit')?.shown('settled');
  }
  const report = reports.take();
  expect([report?.applied.length, report?.spans.length]).toEqual([20, 20]);
});

it('P50 takes the offset of the quickest answer, and none where the round trip alone explains it', () => {
  const clock = createServerClock();
  expect(clock.toServer(0)).toBeUndefined();
  clock.measured(1_000, 9_000, 1_400);
  expect(clock.toServer(0)).toBe(7_800);
  clock.measured(2_000, 10_010, 2_020);
  clock.measured(3_000, 12_000, 4_000);
  expect(clock.toServer(0)).toBe(8_000);
  clock.forget();
  clock.measured(1_000, 1_019, 1_020);
  expect(clock.toServer(0)).toBe(0);
});
