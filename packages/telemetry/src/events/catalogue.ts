import { CONNECTION_EVENTS } from './connection-events.ts';
import type { EventLevel } from './event-definition.ts';
import type { FieldName, FieldValue } from './fields.ts';
import { NODE_EVENTS } from './node-events.ts';
import { PROCESS_EVENTS } from './process-events.ts';
import { RELAY_EVENTS } from './relay-events.ts';
import { SEAL_EVENTS } from './seal-events.ts';
import { WORKER_EVENTS } from './worker-events.ts';

/**
 * Everything that is logged from `info` up, by its name: the field `event` of a line. `docs/EVENTS.md` is written from this. A name is
 * never used for something else: what watches logs holds on to it.
 */
export const EVENTS = {
  ...PROCESS_EVENTS,
  ...CONNECTION_EVENTS,
  ...NODE_EVENTS,
  ...RELAY_EVENTS,
  ...WORKER_EVENTS,
  ...SEAL_EVENTS,
} as const;

type Events = typeof EVENTS;
export type EventName = keyof Events;

type Optional<Name extends EventName> = Events[Name] extends { readonly optional: readonly (infer Field)[] }
  ? Extract<Field, FieldName>
  : never;

/** The fields of an event with their types. */
export type EventFields<Name extends EventName> = {
  readonly [Field in Events[Name]['fields'][number]]: FieldValue<Field>;
} & { readonly [Field in Optional<Name>]?: FieldValue<Field> | undefined };

type LevelOf<Name extends EventName> = Events[Name]['level'];

/** What follows the fields when an event is logged: nothing, or which of its levels it has this time. */
export type EventLevelArgument<Name extends EventName> =
  LevelOf<Name> extends readonly (infer Level)[] ? [level: Extract<Level, EventLevel>] : [];
