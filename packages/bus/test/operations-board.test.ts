import { eventually, type FaultProxy, startFaultProxy, startTestRedis, type TestRedis } from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { BusUnavailableError, createOperationsBoard, type OperationsBoard } from '../src/index.ts';

let redis: TestRedis;
let wire: FaultProxy;
let board: OperationsBoard;
let levels: number;
let unreadable: string[];

beforeAll(async () => {
  redis = await startTestRedis();
  wire = await startFaultProxy({ port: Number(new URL(redis.url).port) });
});
afterAll(async () => {
  await wire[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await redis.command('FLUSHALL');
  [levels, unreadable] = [0, []];
  board = createOperationsBoard({
    url: `redis://127.0.0.1:${wire.port}`,
    prefix: 'test',
    onConnectionError: () => undefined,
    onUnreadable: ({ place }) => unreadable.push(place),
    onLevel: () => {
      levels += 1;
    },
  });
});
afterEach(() => board[Symbol.dispose]());

const key = (rest: string) => `test:{operations}:${rest}`;

it('R5.4 keeps what each process says last, for ten seconds, and what they noted', async () => {
  const { statuses } = board;
  await statuses.post('a', 'first');
  await statuses.post('a', 'second one');
  await statuses.post('b', '{}');
  const read = await statuses.read();
  expect(
    read.toSorted((a, b) => a.process.localeCompare(b.process)).map(({ process, text }) => [process, text]),
  ).toEqual([
    ['a', 'second one'],
    ['b', '{}'],
  ]);
  const [seconds, micros] = (await redis.command('TIME')) as [string, string];
  const now = Number(seconds) * 1_000 + Number(micros) / 1_000;
  for (const { at } of read) expect(Math.abs(now - at)).toBeLessThan(60_000);
  expect(Number(await redis.command('PTTL', key('status:a')))).toBeGreaterThan(0);
  expect(Number(await redis.command('PTTL', key('status:a')))).toBeLessThanOrEqual(10_000);

  for (let point = 0; point < 200; point++) await statuses.note('a', `${point}`);
  expect(await statuses.note('b', 'only')).toBeGreaterThan(0);
  await statuses.withdraw('a');
  expect((await statuses.read()).map(({ process }) => process)).toEqual(['b']);
  const history = await statuses.history();
  expect(history.filter(({ process }) => process === 'b')).toHaveLength(1);
  const ofA = history.filter(({ process }) => process === 'a').map(({ text }) => Number(text));
  expect(ofA).toEqual(Array.from({ length: 180 }, (_, index) => index + 20));
});

it('forgets who has said nothing for too long', async () => {
  await board.statuses.post('a', 'here');
  await redis.command('DEL', key('status:a'));
  expect(await board.statuses.read()).toEqual([]);
  expect(await redis.command('EXISTS', key('statuses'))).toBe(0);
});

it('begins anew where a key is of another type, and says so', async () => {
  await redis.command('SET', key('histories'), 'x');
  await redis.command('HSET', key('history:a'), 'x', 'y');
  await redis.command('HSET', key('lease'), 'x', 'y');
  await board.statuses.note('a', 'point');
  expect((await board.statuses.history()).map(({ text }) => text)).toEqual(['point']);
  expect(await board.level.lead('a')).toBe(false);
  expect(await board.level.lead('a')).toBe(true);
  expect(unreadable).toEqual(['status-board', 'level']);
});

it('R5.4 one process decides at a time, and one that has lost the lease decides nothing', async () => {
  const { level } = board;
  expect(await level.lead('a')).toBe(true);
  expect(await level.lead('b')).toBe(false);
  expect(await level.decide('b', 'of b', true)).toBe(false);
  expect(await level.decide('a', 'of a', true)).toBe(true);
  expect(await level.read()).toEqual({ decision: 'of a', chosen: null });
  expect(Number(await redis.command('PTTL', key('decision')))).toBeGreaterThan(0);
  // As when `a` stood still for too long.
  await redis.command('DEL', key('lease'));
  expect(await level.lead('b')).toBe(true);
  expect(await level.decide('a', 'too late', true)).toBe(false);
  await level.resign('a');
  expect(await level.lead('a')).toBe(false);
  await level.resign('b');
  expect(await level.lead('a')).toBe(true);
});

it('R5.4 tells all of another level, and nobody of the same; what a person chose stays', async () => {
  const { level } = board;
  await eventually(() => expect(levels).toBe(1));
  await level.lead('a');
  await level.decide('a', 'same', false);
  await level.decide('a', 'another', true);
  await eventually(() => expect(levels).toBe(2));
  await level.choose('by hand');
  await eventually(() => expect(levels).toBe(3));
  expect(await level.read()).toEqual({ decision: 'another', chosen: 'by hand' });
  expect(await redis.command('PTTL', key('chosen'))).toBe(-1);
  await level.choose(null);
  await eventually(() => expect(levels).toBe(4));
  expect((await level.read()).chosen).toBeNull();
});

it('R1.5 what is asked of a silent Redis fails in time, and it is heard again after', async () => {
  await board.statuses.post('a', 'here');
  wire.silence();
  await expect(board.statuses.read()).rejects.toThrow(BusUnavailableError);
  await expect(board.level.choose('x')).rejects.toThrow(BusUnavailableError);
  const before = levels;
  wire.restore();
  await eventually(() => expect(levels).toBeGreaterThan(before));
  await eventually(async () => expect(await board.statuses.read()).toEqual([]));
});
