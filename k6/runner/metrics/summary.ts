import type { CheckCount } from '../thread/checks.ts';
import { aggregate } from './aggregate.ts';
import type { MetricStore } from './metric-store.ts';
import type { MetricType } from './sink.ts';
import { judge, type Threshold } from './threshold.ts';

interface SummaryMetric {
  readonly type: MetricType;
  readonly contains: string;
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

interface SummaryCheck extends CheckCount {
  readonly name: string;
  readonly path: string;
  readonly id: string;
}

interface SummaryGroup {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: SummaryGroup[];
  readonly checks: SummaryCheck[];
}

/** What `handleSummary` is given, in k6's form. */
export interface SummaryData {
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
  readonly root_group: SummaryGroup;
  readonly options: {
    readonly summaryTrendStats: readonly string[];
    readonly summaryTimeUnit: '';
    readonly noColor: boolean;
  };
  readonly state: {
    readonly isStdOutTTY: boolean;
    readonly isStdErrTTY: boolean;
    readonly testRunDurationMs: number;
  };
  readonly setup_data?: unknown;
}

interface SummaryInput {
  readonly store: MetricStore;
  readonly thresholds: readonly Threshold[];
  readonly checks: ReadonlyMap<string, CheckCount>;
  readonly trendStats: readonly string[];
  readonly durationMs: number;
  readonly setupData: unknown;
}

export function makeSummary(input: SummaryInput): SummaryData {
  const { store, thresholds, trendStats, durationMs, setupData } = input;
  const seconds = durationMs / 1_000;
  const metrics = store.totals().flatMap(([key, { contains, total }]): [string, SummaryMetric][] => {
    const own = thresholds.filter((threshold) => threshold.key === key);
    if (total.samples === 0 && own.length === 0) return [];
    const names = {
      counter: ['count', 'rate'],
      gauge: ['value'],
      rate: ['rate'],
      trend: trendStats.filter((name) => name !== 'count'),
    }[total.type];
    const values = Object.fromEntries(names.map((name) => [name, aggregate(total, name, seconds)]));
    if (total.type === 'trend' && trendStats.includes('count')) values['count'] = total.samples;
    if (total.type === 'gauge') Object.assign(values, { min: total.min, max: total.max });
    if (total.type === 'rate') Object.assign(values, { passes: total.passes, fails: total.samples - total.passes });
    const judged = own.map((threshold) => [threshold.source, { ok: judge(threshold, total, seconds).ok }] as const);
    return [
      [
        key,
        {
          type: total.type,
          contains,
          values,
          ...(judged.length === 0 ? {} : { thresholds: Object.fromEntries(judged) }),
        },
      ],
    ];
  });
  return {
    metrics: Object.fromEntries(metrics),
    root_group: groupChecks(input.checks),
    options: { summaryTrendStats: trendStats, summaryTimeUnit: '', noColor: !process.stdout.isTTY },
    state: {
      isStdOutTTY: process.stdout.isTTY ?? false,
      isStdErrTTY: process.stderr.isTTY ?? false,
      testRunDurationMs: durationMs,
    },
    ...(setupData === undefined ? {} : { setup_data: setupData }),
  };
}

/** Puts checks into the groups that their paths name. */
function groupChecks(counts: ReadonlyMap<string, CheckCount>): SummaryGroup {
  const root: SummaryGroup = { name: '', path: '', id: '', groups: [], checks: [] };
  for (const [path, count] of counts) {
    const names = path.split('::').slice(1);
    const name = names.pop() ?? '';
    let group = root;
    for (const part of names) {
      let inner = group.groups.find((known) => known.name === part);
      if (!inner) {
        const innerPath = `${group.path}::${part}`;
        inner = { name: part, path: innerPath, id: innerPath, groups: [], checks: [] };
        group.groups.push(inner);
      }
      group = inner;
    }
    group.checks.push({ name, path, id: path, ...count });
  }
  return root;
}
