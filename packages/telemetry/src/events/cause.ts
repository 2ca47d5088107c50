import { EVENTS, type EventName } from './catalogue.ts';
import type { EventDefinition } from './event-definition.ts';

const MOST_DEEP = 5;

/** What tells the causes of an event apart, as a text. */
export function causeOf(name: EventName, fields: Readonly<Record<string, unknown>>, level: string): string {
  const { cause = [] }: EventDefinition = EVENTS[name];
  const parts = cause.map((field) => textOf(fields[field]));
  return [level, ...parts, 'err' in fields ? codeOf(fields['err']) : ''].join(' ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The code of an error or of what caused it, else its class. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  const ofCause = depth < MOST_DEEP ? codeOf(error.cause, depth + 1) : '';
  return ofCause === '' ? error.constructor.name : ofCause;
}
