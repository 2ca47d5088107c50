import { type Finding, finding } from '../finding.ts';
import { type EventOf, type HistoryEvent, ofKind, type ShownConflictField, type Values } from '../history-event.ts';
import type { Truth } from '../truth.ts';

type Shown = EventOf<'conflict-shown'>;

/** Every conflict that somebody was shown is on record as shown, and each of its values is true. */
export function checkConflicts(truth: Truth, events: readonly HistoryEvent[]): Finding[] {
  const shown = ofKind(events, 'conflict-shown');
  const shownIds = new Set(shown.map(({ conflict }) => conflict));
  const sent = new Map(ofKind(events, 'edit-sent').map((event) => [event.operation, event]));
  const answered = ofKind(events, 'edit-answered');
  const ofShown = shown.flatMap((event) => {
    const cause = sent.get(event.operation);
    const wanted = cause?.items.find(({ record }) => record === event.record)?.set ?? {};
    const untrue = [...untrueParts(truth, event, wanted), ...unlikeTheRow(truth, event)];
    return untrue.map((what) =>
      finding('conflict-untrue', what, cause ? [cause, event] : [event], rowsOf(truth, event)),
    );
  });
  const untold = answered.flatMap((event) =>
    event.outcomes.flatMap((outcome) =>
      outcome.outcome === 'conflict' && !shownIds.has(outcome.conflict)
        ? [finding('conflict-untrue', `conflict ${outcome.conflict} was never shown`, [event])]
        : [],
    ),
  );
  return [...ofShown, ...untold];
}

function rowsOf(truth: Truth, { conflict, record, currentVersion }: Shown): unknown[] {
  return [truth.dump.conflicts.find(({ id }) => id === conflict), truth.state(record, currentVersion)?.change];
}

/** What is said and not so. */
function untrueParts(truth: Truth, shown: Shown, wanted: Values): string[] {
  const { conflict, record, baseVersion, currentVersion, fields, overlaps } = shown;
  const base = truth.state(record, baseVersion)?.content;
  const current = truth.state(record, currentVersion)?.content;
  if (!base || !current) return [`conflict ${conflict} names versions that never were`];
  const untrue: string[] = [];
  const expect = (holds: boolean, what: string): void => {
    if (!holds) untrue.push(`conflict ${conflict}: ${what}`);
  };
  expect(baseVersion < currentVersion, 'nobody was first');
  for (const told of fields) {
    const { field } = told;
    expect(told.base === base[field], `${field} was something else at version ${baseVersion}`);
    expect(told.current === current[field], `${field} is something else at version ${currentVersion}`);
    expect(told.attempted === wanted[field], `something else was wanted of ${field}`);
    expect(isLastChange(truth, shown, told), `somebody else changed ${field} last`);
  }
  const named = new Set(fields.map(({ field }) => field));
  for (const field of Object.keys(wanted)) expect(named.has(field), `${field} is not named`);
  const isOverlapping = fields.some(({ attempted, changed }) => attempted !== undefined && changed !== undefined);
  expect(overlaps === isOverlapping, 'it says otherwise whether it overlaps');
  return untrue;
}

/** Whether a field names who changed it last since the base, or rightly nobody. */
function isLastChange(truth: Truth, { record, baseVersion, currentVersion }: Shown, told: ShownConflictField): boolean {
  const last = truth.changesOf
    .get(record)
    ?.findLast(
      ({ version, after }) => version > baseVersion && version <= currentVersion && Object.hasOwn(after, told.field),
    );
  return last?.version === told.changed?.version && last?.actor === told.changed?.by;
}

/** What is on record of it must be what was shown. */
function unlikeTheRow(truth: Truth, shown: Shown): string[] {
  const row = truth.dump.conflicts.find(({ id }) => id === shown.conflict);
  if (!row) return [`conflict ${shown.conflict} is not on record`];
  const isSame =
    row.record === shown.record &&
    row.operation === shown.operation &&
    row.baseVersion === shown.baseVersion &&
    row.currentVersion === shown.currentVersion &&
    row.overlaps === shown.overlaps &&
    JSON.stringify(row.fields.map(plain)) === JSON.stringify(shown.fields.map(plain));
  return isSame ? [] : [`conflict ${shown.conflict} is on record as something else`];
}

/** A field in one order of its parts, which Postgres does not keep. */
function plain({ field, base, current, attempted, changed }: ShownConflictField): unknown[] {
  return [field, base, current, attempted ?? null, attempted === undefined, changed?.by, changed?.version];
}
