import { checkActors } from './checks/actors.ts';
import { checkAnswers } from './checks/answers.ts';
import { checkConflicts } from './checks/conflicts.ts';
import { checkImports } from './checks/imports.ts';
import { checkLocks } from './checks/locks.ts';
import { checkScreens } from './checks/screens.ts';
import { checkStaleness } from './checks/staleness.ts';
import { checkTrail } from './checks/trail.ts';
import type { Dump } from './dump.ts';
import type { Finding } from './finding.ts';
import { type HistoryEvent, inOrder, ofKind } from './history-event.ts';
import { readTruth } from './truth.ts';

/** What became of everything that was recorded. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** Edits that were sent, those written past the application too. */
  readonly sent: number;
  /** Items of edits that were acknowledged as carried out. */
  readonly acknowledged: number;
  readonly longestStaleMs: number;
  readonly untoldStaleMs: number;
}

/** Judges what clients went through by what Postgres holds in the end. Pure: the same for the same history and dump. */
export function checkHistory(history: readonly HistoryEvent[], dump: Dump): Judgement {
  const events = inOrder(history);
  const truth = readTruth(dump);
  const staleness = checkStaleness(truth, events);
  const outcomes = ofKind(events, 'edit-answered').flatMap((event) => event.outcomes);
  return {
    findings: [
      ...checkTrail(truth),
      ...checkAnswers(truth, events),
      ...checkActors(truth, events),
      ...checkScreens(truth, events),
      ...checkConflicts(truth, events),
      ...checkLocks(events),
      ...checkImports(truth, events),
      ...staleness.findings,
    ],
    sent: ofKind(events, 'edit-sent').length,
    acknowledged: outcomes.filter(({ outcome }) => outcome === 'accepted').length,
    longestStaleMs: staleness.longestStaleMs,
    untoldStaleMs: staleness.untoldStaleMs,
  };
}
