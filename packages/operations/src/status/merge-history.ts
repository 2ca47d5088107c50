import type { Operations } from '@meldesync/protocol';
import { percentileMs, sumCounts } from './latency-window.ts';
import type { HistoryPoint } from './process-status.ts';

/** How far apart points are. */
export const HISTORY_EVERY_MS = 5_000;
const MOST_POINTS = 180;

/** A point of a process, and when Redis got it, in epoch milliseconds. */
export interface NotedPoint {
  readonly process: string;
  readonly at: number;
  readonly point: HistoryPoint;
}

/** For how long to wait for the next point: so all processes note theirs in the middle of the same stretch, and none falls into the next. */
export function untilNextPoint(now: number): number {
  return HISTORY_EVERY_MS + HISTORY_EVERY_MS / 2 - (now % HISTORY_EVERY_MS);
}

/** The points of all processes as one history, newest last: percentiles are those of all that was counted. */
export function mergeHistory(noted: readonly NotedPoint[]): Operations['history'] {
  const slots = new Map<number, NotedPoint[]>();
  for (const one of noted) {
    const slot = Math.floor(one.at / HISTORY_EVERY_MS);
    const together = slots.get(slot);
    if (together) together.push(one);
    else slots.set(slot, [one]);
  }
  return [...slots]
    .toSorted(([a], [b]) => a - b)
    .slice(-MOST_POINTS)
    .map(([slot, points]) => mergeSlot((slot + 0.5) * HISTORY_EVERY_MS, points));
}

function mergeSlot(at: number, noted: readonly NotedPoint[]): Operations['history'][number] {
  const ofProcesses = new Map<string, HistoryPoint[]>();
  for (const { process, point } of noted) ofProcesses.set(process, [...(ofProcesses.get(process) ?? []), point]);
  const processes = [...ofProcesses.values()];
  const perSecond = (count: (point: HistoryPoint) => number) =>
    sum(processes.map((points) => (sum(points.map(count)) / sum(points.map(({ spanMs }) => spanMs))) * 1_000));
  const delivered = sumCounts(noted.map(({ point }) => point.delivered));
  const answered = sumCounts(noted.map(({ point }) => point.answered));
  const lags = noted.flatMap(({ point }) => point.feedLagBytes ?? []);
  return {
    at: new Date(at).toISOString(),
    p50: percentileMs(delivered, 0.5),
    p95: percentileMs(delivered, 0.95),
    p99: percentileMs(delivered, 0.99),
    answerP95: percentileMs(answered, 0.95),
    editsPerSecond: perSecond(({ edits }) => edits),
    deliveriesPerSecond: perSecond(({ deliveries }) => deliveries),
    connections: sum(processes.map((points) => points.at(-1)?.connections ?? 0)),
    feedLagBytes: lags.length === 0 ? null : Math.max(...lags),
    errorsPerSecond: perSecond(({ errors }) => errors),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
