import { Counter, Trend } from 'k6/metrics';

/** From sending an edit until another person's copy on this generator had it, in milliseconds. */
export const editToApplied = new Trend('edit_to_applied', true);
/** From sending an edit until its answer. */
export const editToAnswer = new Trend('edit_to_answer', true);
/** From the end of a connection, or waking up, until a copy is current again. */
export const timeToCurrent = new Trend('time_to_current', true);
/** From the notice of a range until its hole is filled. */
export const timeToFill = new Trend('time_to_fill', true);

/** Acknowledged edits that a copy lacks at the end. */
export const lostUpdates = new Counter('lost_updates');
/** Edits carried out twice, and frames that came twice over one subscription. */
export const duplicated = new Counter('duplicated');
/** Frames missing from a connection that nobody had said would be: on a stream that arrives whole there is none, whether or not it is filled. */
export const framesMissing = new Counter('frames_missing');
/** Gaps and holes that were still open at the end. */
export const gapsUnfilled = new Counter('gaps_unfilled');
/** Copies that added up to something else than the service said. */
export const checksumsDiffering = new Counter('checksums_differing');
/** Everything that should not have happened; the tag `what` says what. */
const errors = new Counter('errors');
/** Connections that ended without the script wanting it; the tag `code` says how. */
export const disconnects = new Counter('disconnects');

export const editsAccepted = new Counter('edits_accepted');
export const editsInConflict = new Counter('edits_in_conflict');
/** Edits of a record that somebody else had locked. */
export const editsLocked = new Counter('edits_locked');
/** Marks of cases that are not complete, which nobody may set. */
export const editsNotAllowed = new Counter('edits_not_allowed');
/** Edits of others that a copy applied: without any, nothing was tried. */
export const editsObserved = new Counter('edits_observed');
export const checksumsCompared = new Counter('checksums_compared');
/** Copies that were compared with the service at the end. */
export const copiesVerified = new Counter('copies_verified');
export const importsFinished = new Counter('imports_finished');

/** The counters that must end at 0, so that a summary shows them also where nothing was counted. */
export const ZERO_COUNTERS = [lostUpdates, duplicated, framesMissing, gapsUnfilled, checksumsDiffering, errors];

/** Counts what should not have happened, and says it. `what` is one of few words, `detail` for whoever reads. */
export function reportError(what: string, detail: string): void {
  errors.add(1, { what });
  console.error(`${what}: ${detail}`);
}
