import { expect, it } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';

/** 1 ms to 100 ms, once each. */
function ramp(): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (let ms = 1; ms <= 100; ms++) histogram.record(ms);
  return histogram;
}

it('gives percentiles in milliseconds to three digits', () => {
  const { p50, p95, p99, max, samples } = ramp().summary();
  expect(p50).toBeCloseTo(50, 0);
  expect(p95).toBeCloseTo(95, 0);
  expect(p99).toBeCloseTo(99, 0);
  expect(max).toBeCloseTo(100, 0);
  expect(samples).toBe(100);
});

it('adds what another process counted', () => {
  const sum = new LatencyHistogram();
  sum.add(ramp().encode());
  sum.add(ramp().encode());
  expect(sum.summary()).toEqual({ ...ramp().summary(), samples: 200 });
});

it('counts a time below nothing as none', () => {
  const histogram = new LatencyHistogram();
  histogram.record(-0.2);
  expect(histogram.summary()).toEqual({ p50: 0, p95: 0, p99: 0, max: 0, samples: 1 });
});
