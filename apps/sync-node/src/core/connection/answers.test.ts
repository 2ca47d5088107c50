import { CLOSE_CODES, type EditOutcome } from '@meldesync/protocol';
import { afterEach, expect, it, vi } from 'vitest';
import { type LoneConnection, loneConnection } from '../../../test/lone-connection.ts';
import { systemRuntime } from '../../runtime.ts';
import { Answers } from './answers.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A buffer that takes nothing any more once it holds more than this. */
const ROOM = 100;

/** A connection that reads when the test says so. */
function buffer() {
  let held = 0;
  return {
    fill: () => {
      held = ROOM + 1;
    },
    /** The client reads everything; resolves when what follows on that has happened. */
    read: async ({ drained }: LoneConnection) => {
      held = 0;
      drained();
      await new Promise(setImmediate);
    },
    send: (text: string) => {
      if (held > ROOM) return false;
      held += text.length;
      return true;
    },
    bufferedBytes: () => held,
  };
}

const pings = async ({ receive }: LoneConnection, count: number) => {
  for (let sentAt = 1; sentAt <= count; sentAt++) await receive({ type: 'ping', sentAt });
};
const answered = ({ sent }: LoneConnection) => sent.map((message) => (message.type === 'pong' ? message.sentAt : 0));

it('P18 every answer comes and in its order, however little the buffer takes at a time', async () => {
  const full = buffer();
  const lone = loneConnection({ buffer: full });
  full.fill();
  await pings(lone, 30);
  expect(answered(lone)).toEqual([]);
  await full.read(lone);
  expect(answered(lone).length).toBeLessThan(30);
  for (let reads = 0; reads < 30; reads++) await full.read(lone);
  expect(answered(lone)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  lone.connection.closed(1001);
});

/** The outcomes of an edit: as JSON more than may wait. */
const OUTCOMES = Array.from({ length: 120_000 }, (): EditOutcome => ({ record: 1, outcome: 'accepted', version: 1 }));

it('P26 who asks for more than they read is sent away as too slow; one answer may be as large as it is', async () => {
  const full = buffer();
  const lone = loneConnection({ buffer: full, data: { performEdit: () => Promise.resolve({ outcomes: OUTCOMES }) } });
  await lone.greet();
  full.fill();
  const edit = (operation: string) =>
    lone.receive({ type: 'edit', operation, items: [{ record: 1, baseVersion: 1, set: { done: true } }] });
  await edit('operation-1');
  expect(lone.closeCode()).toBeUndefined();
  await edit('operation-2');
  expect(lone.closeCode()).toBe(CLOSE_CODES.slow);
});

it('P26 who reads slowly is waited for, who reads nothing for half a minute is not', async () => {
  vi.useFakeTimers();
  let held = 1_000;
  let drain = (): void => undefined;
  let isTooSlow = false;
  const untilDrained = () =>
    new Promise<void>((resolve) => {
      drain = resolve;
    });
  using answers = new Answers({ send: () => true, bufferedBytes: () => held, untilDrained }, systemRuntime, () => {
    isTooSlow = true;
  });
  let isRead = false;
  void answers.allRead().then(() => {
    isRead = true;
  });
  for (; held > 500; held -= 100) {
    await vi.advanceTimersByTimeAsync(25_000);
    drain();
  }
  expect([isTooSlow, isRead]).toEqual([false, false]);
  // It is looked at again and again, and nothing has gone.
  for (let looks = 0; looks < 3; looks++) {
    await vi.advanceTimersByTimeAsync(11_000);
    drain();
  }
  expect([isTooSlow, isRead]).toEqual([true, false]);
  held = 0;
  drain();
  await vi.advanceTimersByTimeAsync(0);
  expect(isRead).toBe(true);
});

it('a connection that ends while answers wait gets none of them', async () => {
  const full = buffer();
  const lone = loneConnection({ buffer: full });
  full.fill();
  await pings(lone, 3);
  lone.connection.closed(1006);
  await full.read(lone);
  expect(lone.sent).toEqual([]);
});
