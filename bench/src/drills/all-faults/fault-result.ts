import { formatTable } from '../../measure/table.ts';
import type { Outcome } from '../../verdict.ts';
import { type Fault, NotMade } from './fault.ts';

/** One line of the report. Times in milliseconds. */
export interface FaultResult {
  readonly fault: string;
  readonly what: string;
  readonly outcome: Outcome;
  /** How often something was really done (`Breakage.mend`). */
  readonly made: number;
  /** Edits that were made. */
  readonly load: number;
  readonly acknowledged: number;
  /** Whatever is missing in the end: the two below, and what was acknowledged and is not in Postgres. */
  readonly lost: number;
  /** Of those, what was asked and never answered. */
  readonly unanswered: number;
  /** Of those, what was committed and is not on a screen, counted for each screen and record. */
  readonly unshown: number;
  readonly duplicated: number;
  readonly differing: number;
  /** Everything else that the checker found. */
  readonly others: number;
  readonly longestStaleMs: number;
  /** The longest that a screen was behind and said that it is current. */
  readonly untoldStaleMs: number;
  /** From the end of the fault; null when not all was well again. */
  readonly recoveryMs: number | null;
  /** How long after the end of the fault nobody got changes, for the cluster saved work (R5.4); not part of the recovery. */
  readonly savedMs: number;
  readonly readinessTruthful: boolean;
  /** The share of the recovery in which some process of the machine waited for a processor; null where Linux does not say. */
  readonly processorShort: number | null;
  /** What fell short, in words; empty when all held. */
  readonly why: readonly string[];
}

/** The stage was not well although nothing was broken: it says nothing about the fault. */
export class NotWellBefore extends Error {}

/** A fault whose run broke off says nothing of the edits, and is not held. */
export function brokenResult({ name, what }: Fault, error: unknown): FaultResult {
  const saysNothing = error instanceof NotMade || error instanceof NotWellBefore;
  return {
    fault: name,
    what,
    outcome: saysNothing ? 'could-not-run' : 'fell-short',
    made: 0,
    load: 0,
    acknowledged: 0,
    lost: 0,
    unanswered: 0,
    unshown: 0,
    duplicated: 0,
    differing: 0,
    others: 0,
    longestStaleMs: 0,
    untoldStaleMs: 0,
    recoveryMs: null,
    savedMs: 0,
    readinessTruthful: false,
    processorShort: null,
    why: [`the run broke off: ${error instanceof Error ? error.message : String(error)}`],
  };
}

/** How a run of several ended: what fell short is worse than what could not run. */
export function worstOutcome(results: readonly Pick<FaultResult, 'outcome'>[]): Outcome {
  const worst = (['fell-short', 'could-not-run'] as const).find((one) =>
    results.some(({ outcome }) => outcome === one),
  );
  return worst ?? 'held';
}

/** A table for people, a line a fault. */
export function faultTable(results: readonly FaultResult[]): string {
  const seconds = (ms: number | null): string => (ms === null ? 'never' : (ms / 1_000).toFixed(1));
  const rows = results.map((result) => [
    result.fault,
    ...[
      result.made,
      result.load,
      result.acknowledged,
      result.lost,
      result.unanswered,
      result.unshown,
      result.duplicated,
      result.differing,
      result.others,
    ].map(String),
    ...[result.longestStaleMs, result.untoldStaleMs, result.recoveryMs, result.savedMs].map(seconds),
    result.readinessTruthful ? 'yes' : 'no',
    result.processorShort === null ? '?' : `${Math.round(100 * result.processorShort)} %`,
    result.outcome,
  ]);
  const counts = ['load', 'acknowledged', 'lost', 'unanswered', 'unshown', 'duplicated', 'differing', 'others'];
  const times = ['longest stale s', 'untold s', 'recovery s', 'saved s', 'readiness truthful', 'processor short'];
  return formatTable([['fault', 'made', ...counts, ...times, 'outcome'], ...rows]);
}
