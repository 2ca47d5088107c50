import { expect, it } from 'vitest';
import { createLatencyWindow } from './latency-window.ts';
import { HISTORY_EVERY_MS, mergeHistory, type NotedPoint, untilNextPoint } from './merge-history.ts';

const NOW = 1_764_000_000_000;

function noted(process: string, at: number, more: Partial<NotedPoint['point']> = {}): NotedPoint {
  const none = createLatencyWindow().snapshot();
  return {
    process,
    at,
    point: {
      spanMs: 5_000,
      delivered: none,
      answered: none,
      edits: 0,
      deliveries: 0,
      errors: 0,
      connections: 0,
      feedLagBytes: null,
      ...more,
    },
  };
}

function took(...seconds: number[]): number[] {
  const window = createLatencyWindow();
  for (const one of seconds) window.record(one);
  return window.snapshot();
}

it('R5.4 adds up what happened at the same time in several processes', () => {
  const [point] = mergeHistory([
    noted('a', NOW, { edits: 10, deliveries: 500, connections: 7, delivered: took(0.02, 0.02, 0.02) }),
    noted('b', NOW + 900, { edits: 5, spanMs: 2_500, errors: 5, connections: 4, delivered: took(0.9) }),
    noted('relay', NOW + 1_000, { feedLagBytes: 12 }),
  ]);
  expect(point).toMatchObject({
    editsPerSecond: 4,
    deliveriesPerSecond: 100,
    errorsPerSecond: 2,
    connections: 11,
    feedLagBytes: 12,
    answerP95: null,
  });
  expect(point?.p50).toBeLessThanOrEqual(20);
  expect(point?.p99).toBeGreaterThan(700);
});

it('counts the connections of a process once, however many points it has at a time', () => {
  const [point] = mergeHistory([
    noted('a', NOW, { connections: 3, edits: 10 }),
    noted('a', NOW + 1_000, { connections: 5, edits: 10 }),
  ]);
  expect(point).toMatchObject({ connections: 5, editsPerSecond: 2 });
});

it('keeps a quarter of an hour, newest last', () => {
  const points = Array.from({ length: 200 }, (_, index) => noted('a', NOW + index * HISTORY_EVERY_MS));
  const history = mergeHistory(points.toReversed());
  expect(history).toHaveLength(180);
  expect(history.map(({ at }) => at)).toEqual(history.map(({ at }) => at).toSorted());
  expect(Date.parse(history.at(-1)?.at ?? '')).toBe(NOW + 199 * HISTORY_EVERY_MS + HISTORY_EVERY_MS / 2);
});

it('has the points of all processes in the middle of the same stretch', () => {
  for (const at of [NOW, NOW + 1, NOW + 2_500, NOW + 4_999]) {
    const next = at + untilNextPoint(at);
    expect(next % HISTORY_EVERY_MS).toBe(HISTORY_EVERY_MS / 2);
    expect(next - at).toBeGreaterThan(HISTORY_EVERY_MS / 2);
  }
});
