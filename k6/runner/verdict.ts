import { basename } from 'node:path';
import type { EngineResult } from './engine.ts';
import { EXIT } from './exit.ts';
import { aggregate } from './metrics/aggregate.ts';
import type { SummaryData } from './metrics/summary.ts';

/** A threshold with what came of it. */
export interface ThresholdOutcome {
  readonly metric: string;
  readonly threshold: string;
  readonly ok: boolean;
  readonly value: number | undefined;
}

const MIB = 1_048_576;

/** All thresholds of a run, with the values that they are about. */
export function thresholdOutcomes({ summary, store }: Pick<EngineResult, 'summary' | 'store'>): ThresholdOutcome[] {
  const seconds = summary.state.testRunDurationMs / 1_000;
  return Object.entries(summary.metrics).flatMap(([metric, { thresholds, values }]) =>
    Object.entries(thresholds ?? {}).map(([threshold, { ok }]) => {
      const name = /^\s*([a-z]+(?:\([\d.]+\))?)/.exec(threshold)?.[1] ?? '';
      const sink = store.total(metric);
      const value = values[name] ?? (sink ? aggregate(sink, name, seconds) : undefined);
      return { metric, threshold, ok, value };
    }),
  );
}

/** A number for people: three digits are enough. */
export function short(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3);
}

/** What is printed at the end: a line for each threshold, and what the load cost. */
export function verdictLines(result: EngineResult): string[] {
  const outcomes = thresholdOutcomes(result);
  const width = Math.max(0, ...outcomes.map(({ metric }) => metric.length));
  const rows = outcomes.map(
    ({ metric, threshold, ok, value }) =>
      `${ok ? 'ok     ' : 'MISSED '}${metric.padEnd(width)}  ${threshold.padEnd(14)} ${short(value)}`,
  );
  const { cost, reason, scriptErrors } = result;
  const notes = [
    ...(scriptErrors > 0 ? [`the script threw ${scriptErrors} errors`] : []),
    ...(reason === undefined ? [] : [`the run ended before its time or failed: ${reason}`]),
    ...(cost
      ? [
          `the generator took ${(cost.shareOfCores * 100).toFixed(1)} % of the ${cost.cores} cores (${(cost.shareOfCores * cost.cores).toFixed(2)} of one), ` +
            `and ${(cost.aboveIdleBytes / MIB).toFixed(0)} MiB above the ${(cost.idleBytes / MIB).toFixed(0)} MiB that it has idle, ${(cost.peakBytes / MIB).toFixed(0)} MiB at its most`,
        ]
      : []),
  ];
  return [...rows, ...notes];
}

function figures({ metrics }: SummaryData): Record<string, number> {
  const chosen = ['iterations', 'http_reqs', 'ws_sessions', 'ws_msgs_received', 'dropped_iterations'];
  const counts = chosen.flatMap((name) => {
    const value = metrics[name]?.values['count'];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...counts, ['vusMax', metrics['vus_max']?.values['max'] ?? 0]]);
}

/** The line of JSON at the end. */
export function verdictJson(
  title: string,
  engine: 'k6' | 'k6-runner',
  outFolder: string,
  result: EngineResult,
): string {
  const outcomes = thresholdOutcomes(result);
  const { cost, exitCode, reason, scriptErrors, summary } = result;
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  return JSON.stringify({
    load: title,
    engine,
    outcome: exitCode === EXIT.held ? 'held' : exitCode === EXIT.thresholdsMissed ? 'fell-short' : 'failed',
    exitCode,
    ...(reason === undefined ? {} : { reason }),
    seconds: round(summary.state.testRunDurationMs / 1_000),
    thresholds: outcomes.length,
    missed: outcomes.filter(({ ok }) => !ok).map(({ metric, threshold }) => `${metric}: ${threshold}`),
    values: Object.fromEntries(
      outcomes.map(({ metric, threshold, value }) => [
        `${metric}: ${threshold}`,
        value === undefined ? null : round(value),
      ]),
    ),
    ...figures(summary),
    scriptErrors,
    ...(cost
      ? {
          generatorShareOfCores: round(cost.shareOfCores),
          generatorCores: cost.cores,
          generatorIdleMiB: Math.round(cost.idleBytes / MIB),
          generatorAboveIdleMiB: Math.round(cost.aboveIdleBytes / MIB),
          generatorPeakMiB: Math.round(cost.peakBytes / MIB),
        }
      : {}),
    files: ['summary.json', 'report.html'].map((name) => `${basename(outFolder)}/${name}`),
  });
}
