import { describe, expect, it } from 'vitest';
import { DASHBOARDS } from '../dashboards/src/dashboards.ts';
import { knownSeries, type Labels } from './known-series.ts';
import { namesIn } from './promql.ts';
import { readRules } from './rule-files.ts';

const RECORDED = new Set(readRules().flatMap(({ record }) => record ?? []));
const KNOWN = knownSeries();

/** Dashboards as data: panels that are no rows, with their queries. */
const PANELS = Object.entries(DASHBOARDS).flatMap(([file, { panels = [] }]) =>
  panels.flatMap((panel) => {
    if (panel.type === 'row' || !('targets' in panel)) return [];
    const targets = (panel.targets ?? []) as { expr?: string; legendFormat?: string }[];
    return [{ file, panel, targets }];
  }),
);

const EXPRESSIONS = [
  ...readRules().map(({ alert, record, expr }) => [alert ?? record ?? '', expr, ''] as const),
  ...PANELS.flatMap(({ file, panel, targets }) =>
    targets.map(({ expr = '', legendFormat = '' }) => [`${file}: ${panel.title}`, expr, legendFormat] as const),
  ),
];

/** Labels of what an expression selects. What is recorded has none but those of its target. */
function labelsOf(metric: string): Labels {
  const labels = KNOWN.get(metric);
  if (labels) return labels;
  if (RECORDED.has(metric)) return KNOWN.get('up') ?? new Map();
  throw new Error(`nothing measures or records ${metric}`);
}

describe('what dashboards and rules name', () => {
  it.each(EXPRESSIONS)('%s: %s', (_where, expression, legend) => {
    const { selections, grouping } = namesIn(expression);
    expect(selections).not.toEqual([]);
    const all = new Set<string>();
    for (const { metric, matchers } of selections) {
      const labels = labelsOf(metric);
      for (const label of labels.keys()) all.add(label);
      for (const { label, equals } of matchers) {
        expect([...labels.keys()], `labels of ${metric}`).toContain(label);
        const values = labels.get(label);
        if (values && equals !== undefined) expect(values, `values of ${label}`).toContain(equals);
      }
    }
    const inLegend = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    for (const label of [...grouping, ...inLegend]) expect([...all]).toContain(label);
    // What `sum by` left over is all that a line can be called after.
    if (grouping.length > 0) for (const label of inLegend) expect(grouping).toContain(label);
  });

  it('finds nothing in what does not exist', () => {
    expect(() => labelsOf('meldesync_edits_total')).toThrow(/nothing measures/);
  });
});

describe('panels', () => {
  it.each(PANELS)('$file: $panel.title has a unit, a description and a place', ({ panel, targets }) => {
    expect(panel.fieldConfig?.defaults?.unit).toMatch(/./);
    expect(panel.description).toMatch(/^[A-Z0-9].{15,}\.$|^[a-z].{15,}\.$/);
    expect(panel.gridPos).toBeDefined();
    expect(targets.length).toBeGreaterThan(0);
  });
});
