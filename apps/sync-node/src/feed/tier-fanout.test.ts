import type { Frame } from '@meldesync/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemRuntime } from '../runtime.ts';
import type { Step } from './steps.ts';
import { createTierFanout, type SlowTierMs } from './tier-fanout.ts';

const TIER: SlowTierMs = 1_000;

let sockets = 0;
let published: Frame[] = [];
let merged: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  sockets = 0;
  published = [];
  merged = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const fanout = () =>
  createTierFanout({
    publish: (_, message) => published.push(...(JSON.parse(message) as { frames: Frame[] }).frames),
    onMerged: (tierMs, frames) => merged.push(`${frames} in ${tierMs}`),
    count: (tierMs) => (tierMs === TIER ? sockets : 0),
    runtime: systemRuntime,
  });

/** The frame with this number, which changes the record of the same number. */
function step(number: number): Step {
  const [id, prev] = [`${number}-0` as const, `${number - 1}-0` as const];
  const at = '2026-01-22T10:00:00.000Z';
  const change = { record: number, version: 2, op: 'update', set: { done: true }, by: 'user:u1', via: 'web', at };
  const json = JSON.stringify({ id, prev, changes: [change] });
  return { epoch: '0123abcd', id, prev, txid: '7', changes: 1, checksum: number, json };
}

it('R4.5 what the last socket of a tier left behind is nothing for one that joins further on', () => {
  const tiers = fanout();
  sockets = 1;
  tiers.send(step(2));
  sockets = 0;
  tiers.send(step(3));
  sockets = 1;
  tiers.send(step(4));
  vi.advanceTimersByTime(TIER);
  expect(published).toMatchObject([{ prev: '3-0', id: '4-0', changes: [{ record: 4 }] }]);
});

it('R4.5 R5.4 tells how many frames became part of another', () => {
  const tiers = fanout();
  sockets = 2;
  tiers.send(step(2));
  vi.advanceTimersByTime(TIER);
  expect(merged).toEqual([]);
  for (const number of [3, 4, 5]) tiers.send(step(number));
  vi.advanceTimersByTime(TIER);
  expect(published).toHaveLength(2);
  expect(merged).toEqual(['2 in 1000']);
});

it('R4.5 what is cleared is never sent, and what follows waits its whole time', () => {
  const tiers = fanout();
  sockets = 1;
  tiers.send(step(2));
  vi.advanceTimersByTime(TIER - 1);
  tiers.clear();
  tiers.send(step(9));
  vi.advanceTimersByTime(1);
  expect(published).toEqual([]);
  vi.advanceTimersByTime(TIER - 1);
  expect(published).toMatchObject([{ prev: '8-0', id: '9-0' }]);
});

it('R4.5 whoever joins and leaves, and when: a frame holds every step from its prev to its id', () => {
  const happening = fc.oneof(
    { arbitrary: fc.constantFrom('step' as const, 'join' as const, 'leave' as const), weight: 8 },
    fc.constantFrom('flush' as const, 'tick' as const),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40, size: 'max' }), (happenings) => {
      const tiers = fanout();
      sockets = 0;
      published = [];
      let number = 0;
      for (const what of happenings) {
        if (what === 'step') tiers.send(step(++number));
        else if (what === 'join') sockets += 1;
        else if (what === 'leave') sockets = Math.max(0, sockets - 1);
        else if (what === 'flush') tiers.flush(TIER);
        else vi.advanceTimersByTime(TIER / 2);
      }
      vi.advanceTimersByTime(TIER);
      for (const { prev, id, changes } of published) {
        const first = Number.parseInt(prev, 10) + 1;
        const last = Number.parseInt(id, 10);
        const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
        expect(changes.map(({ record }) => record)).toEqual(all);
      }
    }),
    { numRuns: 500 },
  );
});
