import { IS_RESTARTED, numberOf } from './settings.ts';

/** How long an edit may take to everybody else's screen, in milliseconds: a machine that does something else beside needs more. */
const EDIT_P99_MS = numberOf('EDIT_P99_MS', 100);
/** How long whoever lost the connection, or slept, may take to be current. */
export const CURRENT_MS = numberOf('CURRENT_MS', 10_000);

/** What `summary` shows of a trend. */
export const SUMMARY = ['min', 'med', 'avg', 'p(95)', 'p(99)', 'max', 'count'];

/** What must hold in every scenario. `copies` were to be compared with the service at the end: fewer would mean that nothing was tried. */
export function thresholds(copies: number): Record<string, string[]> {
  return {
    edit_to_applied: [`p(99)<=${EDIT_P99_MS}`],
    time_to_current: [`max<=${CURRENT_MS}`],
    lost_updates: ['count==0'],
    duplicated: ['count==0'],
    frames_missing: ['count==0'],
    gaps_unfilled: ['count==0'],
    checksums_differing: ['count==0'],
    errors: ['count==0'],
    copies_verified: [`count>=${copies}`],
    edits_observed: ['count>0'],
    // Only a restart may end a connection.
    ...(IS_RESTARTED ? {} : { disconnects: ['count==0'] }),
  };
}
