import { expect, it } from 'vitest';
import { RecentFrames, RecentRoom } from './recent-frames.ts';

const CHARACTERS = 1_000;

function frame(number: number) {
  const facts = { epoch: '0123abcd', txid: String(number), changes: 1, checksum: number };
  return { ...facts, id: `${number}-0` as const, prev: `${number - 1}-0` as const, json: 'x'.repeat(CHARACTERS) };
}

it('R4.4 what workspaces keep in memory is bounded together; each keeps its newest', () => {
  const room = new RecentRoom(100 * CHARACTERS);
  const [quiet, busy] = [new RecentFrames(room), new RecentFrames(room)];
  for (let number = 1; number <= 60; number++) quiet.push(frame(number));
  for (let number = 1; number <= 500; number++) busy.push(frame(number));
  expect(room.characters).toBeLessThanOrEqual(130 * CHARACTERS);
  expect(quiet.after('0-0')).toHaveLength(60);
  expect(busy.after('460-0')).toHaveLength(40);
  expect(busy.after('300-0')).toBeUndefined();
  quiet.clear();
  busy.clear();
  expect(room.characters).toBe(0);
});
