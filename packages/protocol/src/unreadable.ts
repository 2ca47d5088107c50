import type { z } from 'zod';

/*
 * What cannot be read costs that record or that workspace, with an event, and never a process or a connection. Every program reads
 * what comes from outside it by these; where each does so is a table in ARCHITECTURE.md, "What cannot be read".
 */

/** Where something was read: a label of the metric and of the log line. */
export type UnreadablePlace =
  | 'log-change'
  | 'feed-message'
  | 'stream-entry'
  | 'canary'
  | 'notice'
  | 'node-message'
  | 'lock-directory'
  | 'lock-key'
  | 'presence-board'
  | 'status-board'
  | 'level'
  | 'redis-key'
  | 'record'
  | 'history'
  | 'member'
  | 'import'
  | 'conflict'
  | 'import-job';

/** Something that could not be read and was left out. */
export interface Unreadable {
  readonly place: UnreadablePlace;
  readonly workspace?: string | undefined;
  /** Internal id. */
  readonly record?: number | undefined;
  /** What is wrong with it: the place of the fault, never the content, which may be health data. */
  readonly reason: string;
}

/** Is told of what was left out. */
export type ReportUnreadable = (found: Unreadable) => void;

/** A value that could be read, or why not. */
export type Reading<T> = { readonly value: T } | { readonly unreadable: string };

/** Reads a value as the schema says. */
export function readValue<T>(schema: z.ZodType<T>, value: unknown): Reading<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return { unreadable: `${issue?.code ?? 'invalid'} at "${issue?.path.map(String).join('.') ?? ''}"` };
}

/** What the text says as JSON; undefined when it is none. What the parser says of it quotes it, and is dropped. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads a text as JSON, as the schema says. */
export function readJson<T>(schema: z.ZodType<T>, text: string): Reading<T> {
  const value = parseJson(text);
  return value === undefined ? { unreadable: 'no JSON' } : readValue(schema, value);
}

/** Those of the values that the schema takes, as they are; `onUnreadable` gets each of the others, and why. */
export function keepReadable<T>(
  schema: z.ZodType,
  values: readonly T[],
  onUnreadable: (value: T, reason: string) => void,
): T[] {
  return values.filter((value) => {
    const reading = readValue(schema, value);
    if ('value' in reading) return true;
    onUnreadable(value, reading.unreadable);
    return false;
  });
}
