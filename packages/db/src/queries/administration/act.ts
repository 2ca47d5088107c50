import type { AuditActKind, ErrorCode } from '@meldesync/protocol';
import type { Executor } from '../../connect.ts';
import { events } from '../../schema/index.ts';

/** Who does something, as an event names them. */
export interface Author {
  /** `user:<id>`, `setup` for who opened the set-up link, `system` for the service itself. */
  readonly actor: string;
  readonly sessionId: string | null;
  /** The network address it comes from. */
  readonly address: string | null;
}

/** A person who administers, in a session of theirs. */
export interface Administrator extends Author {
  readonly userId: string;
  readonly sessionId: string;
}

/** The service itself. */
export const SYSTEM: Author = { actor: 'system', sessionId: null, address: null };

/** An act that is not carried out, and why; nothing of it is left. */
export class ActRefusedError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(code);
    this.name = 'ActRefusedError';
    this.code = code;
  }
}

/** What was done could not be put on record, so it was not done. */
export class EventUnrecordedError extends Error {
  constructor(options: ErrorOptions) {
    super('what was done could not be put on record', options);
    this.name = 'EventUnrecordedError';
  }
}

type Values = Record<string, unknown>;

/** What is put on record of an act. */
export interface NewEvent {
  readonly kind: AuditActKind;
  readonly workspaceId?: string | null;
  /** `user:<id>`, `invitation:<id>`, `workspace:<id>`, `session:<id>`, `lock:<id>`, `conflict:<id>`, `import:<id>`. */
  readonly subject?: string;
  readonly before?: Values;
  readonly after?: Values;
}

/** Writes what was done, in the transaction that does it: an act that cannot be recorded does not happen (R5.1). No secrets. */
export async function recordEvent(tx: Executor, author: Author, event: NewEvent): Promise<void> {
  await recordEvents(tx, author, [event]);
}

/** Writes down much that was done at once, in its order. */
export async function recordEvents(tx: Executor, author: Author, done: readonly NewEvent[]): Promise<void> {
  if (done.length === 0) return;
  const rows = done.map((event) => ({
    kind: event.kind,
    actor: author.actor,
    sessionId: author.sessionId,
    address: author.address,
    workspaceId: event.workspaceId ?? null,
    subject: event.subject ?? null,
    before: event.before ?? null,
    after: event.after ?? null,
  }));
  try {
    await tx.insert(events).values(rows);
  } catch (error) {
    throw new EventUnrecordedError({ cause: error });
  }
}

/** What of two states differs, each with the names that do; undefined when nothing does. */
export function differenceOf(before: Values, after: Values): { before: Values; after: Values } | undefined {
  const changed = Object.keys(after).filter((name) => plain(before[name]) !== plain(after[name]));
  if (changed.length === 0) return undefined;
  const pick = (values: Values) => Object.fromEntries(changed.map((name) => [name, values[name] ?? null]));
  return { before: pick(before), after: pick(after) };
}

function plain(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** The first row of a statement that gives one. */
export function oneRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('a statement gave no row');
  return row;
}

/** The time as answers say it; null for none. */
export function isoOf(moment: Date | null): string | null {
  return moment?.toISOString() ?? null;
}
