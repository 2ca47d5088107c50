import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineResult } from '../engine.ts';
import { EXIT } from '../exit.ts';
import type { MetricSeries } from '../metrics/metric-store.ts';
import type { SummaryData } from '../metrics/summary.ts';
import { short, thresholdOutcomes } from '../verdict.ts';
import { makeCharts } from './charts.ts';
import type { ReportData } from './report-data.ts';

interface ReportInput {
  readonly title: string;
  readonly engine: ReportData['engine'];
  readonly result: EngineResult;
  readonly series: Readonly<Record<string, MetricSeries>>;
}

const MIB = 1_048_576;

/** What must not stand inside a script as it is. */
function inScript(json: string): string {
  return json.replaceAll('<', '\\u003c');
}

function listChecks(group: SummaryData['root_group']): ReportData['checks'] {
  return [
    ...group.checks.map(({ path, passes, fails }) => ({ path: path.replace(/^::/, ''), passes, fails })),
    ...group.groups.flatMap(listChecks),
  ];
}

function facts({ summary, cost, reason, scriptErrors }: EngineResult): [string, string][] {
  const value = (metric: string, name: string) => short(summary.metrics[metric]?.values[name] ?? 0);
  return [
    ['duration', `${short(summary.state.testRunDurationMs / 1_000)} s`],
    ['VUs at most', value('vus_max', 'max')],
    ['iterations', value('iterations', 'count')],
    ['requests', value('http_reqs', 'count')],
    ['sockets opened', value('ws_sessions', 'count')],
    ['messages received', value('ws_msgs_received', 'count')],
    ...(scriptErrors > 0 ? [['errors of the script', String(scriptErrors)] as [string, string]] : []),
    ...(cost
      ? [
          ['generator: share of the cores', `${(cost.shareOfCores * 100).toFixed(1)} % of ${cost.cores}`] as [
            string,
            string,
          ],
          ['generator: memory above idle', `${(cost.aboveIdleBytes / MIB).toFixed(0)} MiB`] as [string, string],
        ]
      : []),
    ...(reason === undefined ? [] : [['ended by', reason] as [string, string]]),
  ];
}

/** A page of its own, with everything in it. */
export function makeReport({ title, engine, result, series }: ReportInput): string {
  const { summary, exitCode } = result;
  const seconds = summary.state.testRunDurationMs / 1_000;
  const data: ReportData = {
    title,
    engine,
    outcome: exitCode === EXIT.held ? 'held' : exitCode === EXIT.thresholdsMissed ? 'fell short' : 'failed',
    startedAt: new Date(Date.now() - summary.state.testRunDurationMs).toISOString(),
    seconds,
    facts: facts(result),
    thresholds: thresholdOutcomes(result).map((outcome) => ({ ...outcome, value: short(outcome.value) })),
    checks: listChecks(summary.root_group),
    charts: makeCharts(series, seconds),
  };
  const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Load test</title>
<style>${read('page.css')}</style>
</head>
<body>
<main></main>
<script type="application/json" id="data">${inScript(JSON.stringify(data))}</script>
<script>${read('page.js').replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}
