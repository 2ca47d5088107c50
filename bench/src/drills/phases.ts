import { LatencyHistogram, type LatencySummary } from '../measure/latency-histogram.ts';
import { formatTable, round } from '../measure/table.ts';
import type { Remote } from '../processes/remote.ts';
import type { DrillClientProcess } from './clients/drill-client-process.ts';

/** How fast things were in one part of a drill, for the clients that the fault does not hit. */
export interface PhaseLatencies {
  /** From an edit to its effect on the editor's own confirmed store. */
  readonly edits: LatencySummary;
  /** From the commit of a change to each client's store. */
  readonly deliveries: LatencySummary;
}

/** The parts of a drill; the recovery is in `during`. */
export type Phases = Readonly<Record<'before' | 'during' | 'after', PhaseLatencies>>;

/** Ends a part: what was measured since the one before ended. */
export async function takePhase(processes: readonly Remote<DrillClientProcess>[]): Promise<PhaseLatencies> {
  const taken = await Promise.all(processes.map((process) => process.call('latencies', null)));
  const edits = new LatencyHistogram();
  const deliveries = new LatencyHistogram();
  for (const one of taken) {
    edits.add(one.edits);
    deliveries.add(one.deliveries);
  }
  return { edits: edits.summary(), deliveries: deliveries.summary() };
}

/** The parts for a person. */
export function phaseTable(phases: Phases): string {
  const cells = ({ p50, p99, max }: LatencySummary) => [p50, p99, max].map((ms) => round(ms).toFixed(1));
  return formatTable([
    ['milliseconds', 'edit p50', 'p99', 'max', 'delivery p50', 'p99', 'max', 'edits'],
    ...Object.entries(phases).map(([name, { edits, deliveries }]) => [
      name,
      ...cells(edits),
      ...cells(deliveries),
      String(edits.samples),
    ]),
  ]);
}

/** The parts for the line of JSON. */
export function roundedPhases(phases: Phases) {
  const rounded = ({ p50, p99, max, samples }: LatencySummary) => ({
    p50: round(p50),
    p99: round(p99),
    max: round(max),
    samples,
  });
  return Object.fromEntries(
    Object.entries(phases).map(([name, { edits, deliveries }]) => [
      name,
      { edits: rounded(edits), deliveries: rounded(deliveries) },
    ]),
  );
}
