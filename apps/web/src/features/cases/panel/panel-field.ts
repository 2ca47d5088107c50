import type { ClientRecord } from '@meldesync/client';
import type { NamedCase } from '../../../editing/named-case.ts';

/** What a field of a record in the panel is given, whatever kind of value it holds. */
export interface PanelFieldProps<Field> {
  readonly field: Field;
  readonly record: ClientRecord;
  /** What the record is called. */
  readonly half: string;
  readonly mayEdit: boolean;
  /** The case, which is locked as a whole. */
  readonly subject: NamedCase;
  /** Who has locked it, in a sentence; null while no colleague has. */
  readonly lockReason: string | null;
}
