import type { DumpedChange } from '../dump.ts';
import { type Finding, finding } from '../finding.ts';
import { type EventOf, type HistoryEvent, ofKind } from '../history-event.ts';
import type { Truth } from '../truth.ts';

/**
 * Every change is signed by who made it. All that goes through the application must have been recorded; what was not, and
 * is signed by a person, is forged.
 */
export function checkActors(truth: Truth, events: readonly HistoryEvent[]): Finding[] {
  const beganOf = new Map(ofKind(events, 'began').map((event) => [event.who, event]));
  const asked = new Map<string, HistoryEvent>();
  for (const event of ofKind(events, 'edit-sent')) asked.set(event.operation, event);
  for (const event of ofKind(events, 'import-sent')) asked.set(event.import, event);
  const ofChanges = truth.dump.changes.flatMap((change) => {
    const cause = asked.get(change.importId ?? change.operation ?? '');
    const maker = cause && beganOf.get(cause.who);
    return isSignedBy(change, maker) ? [] : [wrong(change, cause, maker)];
  });
  return [...ofChanges, ...ofSql(truth, events, beganOf), ...ofScreens(truth, events)];
}

function isSignedBy({ actor, via, operation, importId }: DumpedChange, maker: EventOf<'began'> | undefined): boolean {
  if (maker) return actor === maker.actor && via === maker.via;
  return actor.startsWith('db:') && via === 'sql' && operation === null && importId === null;
}

function wrong(change: DumpedChange, cause: HistoryEvent | undefined, maker: EventOf<'began'> | undefined): Finding {
  const who = maker ? `${maker.actor} by ${maker.via}` : 'nobody who was recorded';
  const what = `version ${change.version} of record ${change.record} is signed ${change.actor} by ${change.via}; it was ${who}`;
  return finding(
    'wrong-actor',
    what,
    [cause, maker].flatMap((event) => event ?? []),
    [change],
  );
}

/** What was written past the application has no operation: its versions say which changes are meant. */
function ofSql(
  truth: Truth,
  events: readonly HistoryEvent[],
  beganOf: ReadonlyMap<string, EventOf<'began'>>,
): Finding[] {
  return ofKind(events, 'edit-answered').flatMap((event) => {
    const maker = beganOf.get(event.who);
    if (maker?.via !== 'sql') return [];
    return event.outcomes.flatMap((outcome) => {
      if (outcome.outcome !== 'accepted') return [];
      const change = truth.state(outcome.record, outcome.version)?.change;
      return change && !isSignedBy(change, maker) ? [wrong(change, event, maker)] : [];
    });
  });
}

/** A screen names who made what it shows. */
function ofScreens(truth: Truth, events: readonly HistoryEvent[]): Finding[] {
  return ofKind(events, 'applied').flatMap((event) => {
    if (event.to === null || event.ahead) return [];
    const state = truth.state(event.record, event.to);
    if (!state || state.change.actor === event.by) return [];
    const what = `${event.who} shows ${event.by} for version ${event.to} of record ${event.record}`;
    return [finding('wrong-actor', what, [event], [state.change])];
  });
}
