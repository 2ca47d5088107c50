import { expect, it } from 'vitest';
import { namesIn } from './promql.ts';

it('finds metrics, matchers and groupings', () => {
  const { selections, grouping } = namesIn(
    'histogram_quantile(0.95, sum by (le, hop) (rate(a_bucket{le="0.1",x!="y"}[5m]))) > 1.5 * 1024 or vector(0)',
  );
  expect(selections).toEqual([{ metric: 'a_bucket', matchers: [{ label: 'le', equals: '0.1' }, { label: 'x' }] }]);
  expect(grouping).toEqual(['le', 'hop']);
});

it.each([
  ['sum(a) / (sum(b) > 0)', ['a', 'b']],
  ['a:b:c unless on (job) d offset 15m', ['a:b:c', 'd']],
  ['a unless a offset 15m', ['a', 'a']],
  ['increase(a_total[$__rate_interval])', ['a_total']],
  ['absent(a{b=~"c(-.*)?"})', ['a']],
])('finds the metrics of %s', (expression, metrics) => {
  expect(namesIn(expression).selections.map(({ metric }) => metric)).toEqual(metrics);
});
