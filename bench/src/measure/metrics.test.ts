import { expect, it } from 'vitest';
import { parseMetric } from './metrics.ts';

const TEXT = `# HELP requests_total Requests
# TYPE requests_total counter
requests_total{process="node-1",status="200"} 7
requests_total{process="node-1",status="404"} 2
requests_total_other 99
heap_bytes 1.5e6
`;

it('adds up the values of all labels', () => {
  expect(parseMetric(TEXT, 'requests_total')).toBe(9);
  expect(parseMetric(TEXT, 'heap_bytes')).toBe(1_500_000);
});

it('says when a metric is missing', () => {
  expect(() => parseMetric(TEXT, 'requests')).toThrow('no metric');
});
