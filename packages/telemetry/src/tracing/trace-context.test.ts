import { WrongSettings } from '@meldesync/config';
import { expect, it } from 'vitest';
import { readSampling } from './sampling.ts';
import { childOf, formatTraceparent, parseTraceparent } from './trace-context.ts';

const TEXT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('reads what W3C Trace Context writes, and writes the same', () => {
  const context = parseTraceparent(TEXT);
  expect(context).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    isSampled: true,
  });
  expect(context && formatTraceparent(context)).toBe(TEXT);
  expect(parseTraceparent(TEXT.replace(/01$/, '02'))?.isSampled).toBe(false);
});

it.each([
  null,
  undefined,
  '',
  'F-2026-001',
  `${TEXT}0`,
  TEXT.toUpperCase(),
  TEXT.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
  TEXT.replace('b7ad6b7169203331', '0'.repeat(16)),
])('takes %j for none', (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

it('a child stays in the trace with its sampling, and has an id of its own', () => {
  const parent = parseTraceparent(TEXT);
  const ids = Array.from({ length: 2_000 }, () => childOf(parent, () => false));
  expect(new Set(ids.map(({ spanId }) => spanId)).size).toBe(2_000);
  expect(new Set(ids.map(({ traceId, isSampled }) => `${traceId} ${isSampled}`)).size).toBe(1);
  expect(parseTraceparent(formatTraceparent(childOf(undefined, () => true)))?.isSampled).toBe(true);
});

it.each([
  [{}, 1],
  [{ OTEL_TRACES_SAMPLER: 'always_off' }, 0],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' }, 0.1],
])('%j samples a share of %d', (environment, ratio) => {
  const { isSampled, ratio: told } = readSampling(environment);
  const traces = Array.from({ length: 5_000 }, () => childOf(undefined, isSampled));
  expect(told).toBe(ratio);
  expect(traces.filter((trace) => trace.isSampled).length / 5_000).toBeCloseTo(ratio, 1);
});

it.each([{ OTEL_TRACES_SAMPLER: 'often' }, { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '10 %' }])(
  'refuses %j',
  (environment) => {
    expect(() => readSampling(environment)).toThrow(WrongSettings);
  },
);
