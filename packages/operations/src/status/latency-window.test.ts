import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countsSince, createLatencyWindow, percentileMs, sumCounts, total } from './latency-window.ts';

it('says nothing of what was not counted', () => {
  expect(percentileMs(createLatencyWindow().snapshot(), 0.5)).toBeNull();
});

it('R5.4 adds up what several processes counted: the percentiles are those of all, within a bucket', () => {
  const took = fc.array(fc.double({ min: 0.0001, max: 9, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(took, took, fc.constantFrom(0.5, 0.95, 0.99), (first, second, share) => {
      const windows = [first, second].map((times) => {
        const window = createLatencyWindow();
        for (const seconds of times) window.record(seconds);
        return window.snapshot();
      });
      const exact = [...first, ...second].toSorted((a, b) => a - b);
      const wanted = (exact[Math.ceil(exact.length * share) - 1] ?? 0) * 1_000;
      const said = percentileMs(sumCounts(windows), share) ?? Number.NaN;
      expect(total(sumCounts(windows))).toBe(exact.length);
      // Below 1 ms it is one bucket; above, none is wider than by the factor of two.
      expect(said).toBeGreaterThanOrEqual(wanted / 2 - 1);
      expect(said).toBeLessThanOrEqual(wanted * 2 + 1);
    }),
  );
});

it('tells apart what happened before and since', () => {
  const window = createLatencyWindow();
  window.record(5);
  const before = window.snapshot();
  window.record(0.05);
  expect(percentileMs(countsSince(window.snapshot(), before), 0.99)).toBeLessThanOrEqual(50);
});
