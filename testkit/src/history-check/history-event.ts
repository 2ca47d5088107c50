import { CHANGE_SOURCES } from '@meldesync/protocol';
import { z } from 'zod';
import { groupBy } from './group-by.ts';

/*
 * A history: what those who use a cluster asked, were answered and were shown, one event a line as JSON. Events of several
 * processes of one machine are put in order by `monoMs`.
 */

const value = z.union([z.string(), z.boolean(), z.null()]);
/** Values by field, under their names on the wire. */
const values = z.record(z.string(), value);
export type Values = z.infer<typeof values>;

const stamp = {
  /** Whose event it is: a name for each client, HTTP user, SQL writer or uploader. */
  who: z.string(),
  /** The machine's monotonic clock, the same for all its processes. */
  monoMs: z.number(),
  /** The wall clock, as Postgres on the same machine reads it. */
  wallMs: z.number(),
};

const item = z.object({
  record: z.number(),
  /** The version that the edit is based on; null for one that asks for none, such as SQL. */
  base: z.number().nullable(),
  set: values,
});

const outcome = z.discriminatedUnion('outcome', [
  z.object({ record: z.number(), outcome: z.literal('accepted'), version: z.number() }),
  z.object({ record: z.number(), outcome: z.literal('conflict'), conflict: z.string() }),
  z.object({ record: z.number(), outcome: z.literal('rejected'), code: z.string() }),
]);

/** A record as a screen holds it. */
const shownRecord = z.object({ id: z.number(), version: z.number(), by: z.string(), content: values });
export type ShownRecord = z.infer<typeof shownRecord>;

const conflictField = z.object({
  field: z.string(),
  base: value,
  current: value,
  attempted: value.optional(),
  changed: z.object({ by: z.string(), version: z.number() }).optional(),
});
export type ShownConflictField = z.infer<typeof conflictField>;

const historyEvent = z.discriminatedUnion('kind', [
  /** Someone begins; `actor` is what their changes must be signed with, `via` where they come from. */
  z.object({ ...stamp, kind: z.literal('began'), actor: z.string(), via: z.enum(CHANGE_SOURCES) }),
  z.object({ ...stamp, kind: z.literal('edit-sent'), operation: z.string(), items: z.array(item) }),
  z.object({ ...stamp, kind: z.literal('edit-answered'), operation: z.string(), outcomes: z.array(outcome) }),
  /** Refused as a whole, or given up: it may have been carried out all the same, once. */
  z.object({ ...stamp, kind: z.literal('edit-failed'), operation: z.string(), code: z.string() }),
  /** A conflict as its person was shown it. */
  z.object({
    ...stamp,
    kind: z.literal('conflict-shown'),
    operation: z.string(),
    conflict: z.string(),
    record: z.number(),
    baseVersion: z.number(),
    currentVersion: z.number(),
    fields: z.array(conflictField),
    overlaps: z.boolean(),
  }),
  /** A change reached a screen: from one version of a record to another; null where it is not there. */
  z.object({
    ...stamp,
    kind: z.literal('applied'),
    record: z.number(),
    from: z.number().nullable(),
    to: z.number().nullable(),
    by: z.string(),
    /** What people edit, as it then is on the screen; empty after a delete. */
    content: values,
    /** The fields that look different now. */
    changed: z.array(z.string()),
    /** Older changes are still being fetched: values may be newer than the version (P43). */
    ahead: z.boolean(),
  }),
  /** A snapshot took the place of what was shown: the id and version of each record. */
  z.object({ ...stamp, kind: z.literal('snapshot'), records: z.array(z.tuple([z.number(), z.number()])) }),
  /** The whole screen at the end, when nothing is on its way any more. */
  z.object({ ...stamp, kind: z.literal('showed'), records: z.array(shownRecord) }),
  z.object({ ...stamp, kind: z.literal('lock-granted'), lock: z.string(), records: z.array(z.number()) }),
  /** Asked at `askedMonoMs`, and told that others hold them by these locks. */
  z.object({
    ...stamp,
    kind: z.literal('lock-refused'),
    askedMonoMs: z.number(),
    records: z.array(z.number()),
    locks: z.array(z.string()),
  }),
  /** The holder asks for its end. */
  z.object({ ...stamp, kind: z.literal('lock-returned'), lock: z.string() }),
  /** The holder knows that it is gone. */
  z.object({ ...stamp, kind: z.literal('lock-ended'), lock: z.string() }),
  /** From now on the screen says that it is current. */
  z.object({ ...stamp, kind: z.literal('told-live') }),
  /** From now on the screen says that it may be old, and how. */
  z.object({ ...stamp, kind: z.literal('told-stale'), state: z.string() }),
  z.object({ ...stamp, kind: z.literal('import-sent'), import: z.string(), vorgangsnummern: z.array(z.string()) }),
  z.object({
    ...stamp,
    kind: z.literal('import-ended'),
    import: z.string(),
    status: z.string(),
    rowsNew: z.number(),
    rowsUpdated: z.number(),
  }),
  /** Nobody looks any more, and nothing more is asked. */
  z.object({ ...stamp, kind: z.literal('ended') }),
]);
export type HistoryEvent = z.infer<typeof historyEvent>;
export type HistoryKind = HistoryEvent['kind'];
export type EventOf<Kind extends HistoryKind> = Extract<HistoryEvent, { kind: Kind }>;

type WithoutStamp<Event> = Event extends unknown ? Omit<Event, keyof typeof stamp> : never;
/** An event before it is known whose it is and when. */
export type Happening = WithoutStamp<HistoryEvent>;

/** Reads the lines of one or more histories, in the order in which things happened. */
export function parseHistory(text: string): HistoryEvent[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return inOrder(lines.map((line) => historyEvent.parse(JSON.parse(line))));
}

/** Events by time; those of one moment stay as they came. */
export function inOrder(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.toSorted((a, b) => a.monoMs - b.monoMs);
}

/** The events of some kind. */
export function ofKind<Kind extends HistoryKind>(events: readonly HistoryEvent[], ...kinds: Kind[]): EventOf<Kind>[] {
  return events.filter((event): event is EventOf<Kind> => (kinds as HistoryKind[]).includes(event.kind));
}

/** Events by whose they are. */
export function byWho(events: readonly HistoryEvent[]): Map<string, HistoryEvent[]> {
  return groupBy(events, ({ who }) => who);
}
