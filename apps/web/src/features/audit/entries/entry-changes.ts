import { changesOf } from '@meldesync/client';
import { EDITABLE_FIELDS, type EditableField, type Meldebestaetigung, parseIbeSegment } from '@meldesync/domain';
import type { AuditEntry } from '@meldesync/protocol';

/** One value that an entry tells of: as it was, and as it then was. Undefined where there was none. */
export type EntryChange =
  /** A field of a record that people edit. */
  | { readonly kind: 'field'; readonly field: EditableField; readonly before: unknown; readonly after: unknown }
  /** An element of the Meldebestätigung, which an import brought. */
  | {
      readonly kind: 'element';
      readonly field: keyof Meldebestaetigung;
      readonly before: Meldebestaetigung | undefined;
      readonly after: Meldebestaetigung | undefined;
    }
  /** Anything else, under the name that the service gives it. */
  | { readonly kind: 'other'; readonly field: string; readonly before: unknown; readonly after: unknown };

/** Elements of a Meldebestätigung that say something to a person, in the order they are read. */
const ELEMENTS = [
  'artDerDaten',
  'leistungsdatum',
  'zaehler',
  'typ',
  'indikation',
  'artDerSequenzierung',
  'qualitaetskontrolle',
  'datenknotenId',
  'leistungserbringerId',
  'kostentraeger',
  'produktzuordnung',
] as const satisfies readonly (keyof Meldebestaetigung)[];

/** What an entry changed, in the order in which the service names it; the elements of a Meldebestätigung last. */
export function changesOfEntry(entry: Pick<AuditEntry, 'kind' | 'before' | 'after' | 'subjectName'>): EntryChange[] {
  if (!entry.kind.startsWith('record-')) {
    return changesOf(entry, entry.subjectName).map((change) => ({ kind: 'other', ...change }));
  }
  return changesOf(entry)
    .filter(({ before, after }) => !isNothing(before) || !isNothing(after))
    .flatMap(({ field, before, after }): EntryChange[] => {
      if (field === 'ibe') return elementsOf(before, after);
      const editable = EDITABLE_FIELDS.find((name) => name === field);
      if (editable !== undefined) return [{ kind: 'field', field: editable, before, after }];
      return [{ kind: 'other', field, before, after }];
    })
    .toSorted((one, other) => Number(one.kind === 'element') - Number(other.kind === 'element'));
}

/** The Meldebestätigung that an entry brought, or took away; null where it is about none or it cannot be read. */
export function segmentOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Meldebestaetigung | null {
  const ibe = after?.['ibe'] ?? before?.['ibe'];
  return typeof ibe === 'string' ? parseIbeSegment(ibe) : null;
}

function elementsOf(before: unknown, after: unknown): EntryChange[] {
  const was = parsed(before);
  const is = parsed(after);
  if (!was && !is) return [{ kind: 'other', field: 'ibe', before, after }];
  return ELEMENTS.filter((field) => was?.[field] !== is?.[field]).map((field) => ({
    kind: 'element',
    field,
    before: was,
    after: is,
  }));
}

function parsed(ibe: unknown): Meldebestaetigung | undefined {
  return (typeof ibe === 'string' ? parseIbeSegment(ibe) : null) ?? undefined;
}

/** What a new record has before anybody wrote something: it says nothing. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === false || value === '';
}
