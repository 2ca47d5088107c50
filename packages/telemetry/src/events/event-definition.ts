import type { AuditEventKind } from '@meldesync/protocol';
import type { FieldName } from './fields.ts';

/** How bad it is; `debug` only where it depends on the circumstances. */
export type EventLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** What is logged under one name. */
export interface EventDefinition {
  /** How bad it is; several where it depends on why, and whoever logs it says which. */
  readonly level: EventLevel | readonly EventLevel[];
  readonly by: readonly ('node' | 'relay' | 'worker')[];
  /** The line's text; a field's name in braces stands for its value. */
  readonly says: string;
  readonly fields: readonly FieldName[];
  /** Fields that are not always known. */
  readonly optional?: readonly FieldName[];
  /**
   * Fields that tell causes apart: of one event and one cause a line is written at once, then at most one a minute with how many were
   * left out. Beside them the code of `err` counts, where there is one.
   */
  readonly cause?: readonly FieldName[];
  /**
   * The entries of the trail that tell the same, or why it has none; of what a person or a connection did it must be said. `docs/EVENTS.md`
   * shows the two as one.
   */
  readonly trail?: AuditEventKind | readonly AuditEventKind[] | { readonly none: string };
  /** What an administrator does about it. */
  readonly todo: string;
}

export const ALL = ['node', 'relay', 'worker'] as const;
