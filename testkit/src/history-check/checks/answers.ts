import { type Finding, finding } from '../finding.ts';
import { groupBy } from '../group-by.ts';
import { type EventOf, type HistoryEvent, ofKind } from '../history-event.ts';
import { fieldsThatDiffer, type Truth } from '../truth.ts';

type Sent = EventOf<'edit-sent'>;
type Answered = EventOf<'edit-answered'>;
type Item = Sent['items'][number];
type Accepted = Extract<Answered['outcomes'][number], { outcome: 'accepted' }>;

/** Every edit is answered exactly once, and what it was answered is what Postgres holds. */
export function checkAnswers(truth: Truth, events: readonly HistoryEvent[]): Finding[] {
  const answersOf = groupBy(ofKind(events, 'edit-answered', 'edit-failed'), ({ operation }) => operation);
  const endOf = new Map(ofKind(events, 'ended').map((event) => [event.who, event]));
  const sent = ofKind(events, 'edit-sent');
  const known = new Set(sent.map(({ operation }) => operation));
  const unasked = [...answersOf].flatMap(([operation, answers]) =>
    known.has(operation) ? [] : [finding('duplicated', `${operation} was answered and never sent`, answers)],
  );
  return [...sent.flatMap((event) => checkEdit(truth, event, answersOf.get(event.operation) ?? [], endOf)), ...unasked];
}

function checkEdit(
  truth: Truth,
  sent: Sent,
  answers: readonly (Answered | EventOf<'edit-failed'>)[],
  endOf: ReadonlyMap<string, HistoryEvent>,
): Finding[] {
  const { operation } = sent;
  const found = sent.items.flatMap(({ record }) => {
    const made = truth.madeBy(operation, record);
    return made.length > 1 ? [finding('duplicated', `${operation} changed record ${record} twice`, [sent], made)] : [];
  });
  const [answer, ...more] = answers;
  if (more.length > 0)
    found.push(finding('duplicated', `${operation} was answered more than once`, [sent, ...answers]));
  const end = endOf.get(sent.who);
  if (!answer) return end ? [...found, finding('lost', `${operation} was never answered`, [sent, end])] : found;
  if (answer.kind === 'edit-failed') return found;
  return [...found, ...sent.items.flatMap((item, index) => checkOutcome(truth, sent, item, answer, index))];
}

function checkOutcome(truth: Truth, sent: Sent, item: Item, answer: Answered, index: number): Finding[] {
  const outcome = answer.outcomes[index];
  const events = [sent, answer];
  if (outcome?.record !== item.record)
    return [finding('lost', `${sent.operation} has no outcome for record ${item.record}`, events)];
  if (outcome.outcome === 'accepted') return checkAccepted(truth, sent, item, outcome, events);
  const made = truth.madeBy(sent.operation, item.record);
  if (made.length === 0) return [];
  const kind = outcome.outcome === 'conflict' ? 'conflict-untrue' : 'differing';
  return [finding(kind, `${sent.operation} was refused for record ${item.record} and carried out`, events, made)];
}

function checkAccepted(
  truth: Truth,
  { operation }: Sent,
  { record, base, set }: Item,
  { version }: Accepted,
  events: readonly HistoryEvent[],
): Finding[] {
  const state = truth.state(record, version);
  if (!state) return [finding('lost', `${operation}: version ${version} of record ${record} is not there`, events)];
  const rows = [state.change];
  const differing = fieldsThatDiffer(set, state.content);
  // What was set already leaves the version as it is (P17); then another one made it.
  const isUnchanged = base === version && differing.length === 0 && state.change.operation !== operation;
  if (base !== null && !isUnchanged) {
    if (state.change.operation !== operation)
      return [finding('lost', `${operation} did not make version ${version} of record ${record}`, events, rows)];
    if (version !== base + 1)
      return [finding('stale-base', `${operation}: version ${version} of record ${record} on ${base}`, events, rows)];
  }
  if (differing.length === 0) return [];
  return [finding('differing', `${operation}: ${differing.join(', ')} of record ${record} is not set`, events, rows)];
}
