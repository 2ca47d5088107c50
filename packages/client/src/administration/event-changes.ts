import type { AdministrationEvent } from '@meldesync/protocol';

/** One value that an act changed, set or took away. */
export interface EventChange {
  readonly field: string;
  /** Undefined where there was none. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Ids say nothing to a person; what they are of is said otherwise. */
const UNSAID: ReadonlySet<string> = new Set(['invitation', 'token', 'workspaces', 'replaced', 'id', 'user', 'account']);

/** What differs between before and after, in the order in which the service names it; but for what `subject` says already. */
export function changesOf(
  { before, after }: Pick<AdministrationEvent, 'before' | 'after'>,
  subject: string | null = null,
): EventChange[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .filter((field) => !UNSAID.has(field))
    .map((field) => ({ field, before: before?.[field], after: after?.[field] }))
    .filter((change) => subject === null || change.before !== undefined || change.after !== subject)
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

/** Whom or what an event is about, as far as it says so itself: a name or an address that was set or taken away. */
export function subjectIn({ subjectName, before, after }: AdministrationEvent): string | null {
  const told = [subjectName, after?.['email'], before?.['email'], after?.['name'], before?.['name']];
  return told.find((text): text is string => typeof text === 'string' && text !== '') ?? null;
}

/** Names of subjects that an event does not say itself, but another one of them does. */
export function namesOfSubjects(events: readonly AdministrationEvent[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  // Newest first: the latest name stays.
  for (const event of events) {
    const name = subjectIn(event);
    if (event.subject !== null && name !== null && !names.has(event.subject)) names.set(event.subject, name);
  }
  // A session is called as whose it is.
  const actors = new Map(events.map(({ actor, actorName }) => [actor, actorName]));
  for (const { subject, before, after } of events) {
    const person = `user:${String(after?.['user'] ?? before?.['user'])}`;
    const name = names.get(person) ?? actors.get(person) ?? undefined;
    if (subject !== null && name !== undefined && !names.has(subject)) names.set(subject, name);
  }
  return names;
}
