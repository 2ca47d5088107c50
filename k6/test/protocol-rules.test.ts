import { BACKOFF, drainReason } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import vectors from '../../packages/protocol/vectors/positions.json' with { type: 'json' };
import { Comebacks } from '../lib/comeback.ts';
import { comparePositions, epochOf, positionOf } from '../lib/positions.ts';
import { SumWatch } from '../lib/sum-watch.ts';

it('P7 positions are in the order of the vectors', () => {
  const { ascending } = vectors;
  for (const [a, one] of ascending.entries()) {
    for (const [b, other] of ascending.entries()) {
      expect(Math.sign(comparePositions(one, other)), `${one} ${other}`).toBe(Math.sign(a - b));
    }
  }
});

it('P11 a cursor is an epoch and a position', () => {
  for (const { cursor, epoch, position } of vectors.cursors) {
    expect([epochOf(cursor), positionOf(cursor)]).toEqual([epoch, position]);
  }
});

it('P46 a client comes back when it is told, three times in a row', () => {
  const comebacks = new Comebacks();
  for (let tries = 0; tries < 3; tries++) {
    expect(comebacks.next(4503, drainReason(1_500), 0)).toEqual({ after: 'wait', waitMs: 1_500 });
  }
  expect(comebacks.next(4503, drainReason(100), 0)).not.toEqual({ after: 'wait', waitMs: 100 });
});

it('P47 a client that finds nobody backs off within the bounds, and one that is refused stops', () => {
  const comebacks = new Comebacks();
  const { minMs, firstMaxMs, maxMs } = BACKOFF.usual;
  for (const most of [firstMaxMs, 2 * firstMaxMs, maxMs, maxMs]) {
    const next = comebacks.next(1006, '', 0);
    expect(next.after === 'wait' && next.waitMs >= minMs && next.waitMs <= most).toBe(true);
  }
  expect(comebacks.next(4403, '', 0)).toEqual({ after: 'stop' });
});

it('P37 a sum that differs counts once both have agreed, or after 30 s', () => {
  const sums = new SumWatch();
  expect(sums.compare(1, 2, 0)).toBe('unsure');
  expect(sums.compare(1, 2, 30_000)).toBe('differs');
  sums.begin();
  expect(sums.compare(1, 1, 40_000)).toBe('agrees');
  expect(sums.compare(1, 2, 40_001)).toBe('differs');
});
