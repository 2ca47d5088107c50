import type { FieldDescriptor } from './descriptor.ts';

/** Control, format (zero-width, direction) and separator characters, lone surrogates: two ids must not look the same. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** A text may have lines and tabs, and what emoji are joined with. */
const NOT_IN_A_TEXT = /(?![\n\t])\p{Cc}|\p{Cs}/u;

/**
 * The one home of every field of a record, under its name on the wire and in the order in which fields are shown. From
 * here come the patch and its limits, the schemas of the protocol, the columns that are written and compared, the
 * triggers' lists, what a client checks and lays over its records, conflicts, undo, search, options and columns of the
 * terminal, cells and editors of the web app. What cannot be made from it is checked by the compiler to name them all.
 *
 * A new field: an entry here, its column in `packages/db/src/schema/records.ts`, a migration, its texts.
 */
export const RECORD_FIELDS = {
  /** Natural key inside the workspace, 64 hexadecimal digits in lower case. */
  vorgangsnummer: { kind: 'identity', name: 'vorgangsnummer', editedBy: 'nobody', isNullable: false, isSearched: true },
  /** The IBE segment in its canonical form. A search looks into what it is parsed to. */
  ibe: { kind: 'segment', name: 'ibe', editedBy: 'import', isNullable: false, isSearched: false },
  /** Fallnummer of the hospital, null while unknown. */
  caseId: {
    kind: 'case',
    name: 'case-id',
    editedBy: 'people',
    isNullable: true,
    limit: 64,
    forbidden: INVISIBLE,
    isSearched: true,
  },
  /** Erledigt. */
  done: { kind: 'flag', name: 'done', editedBy: 'people', isNullable: false, isSearched: false },
  /** The person who takes care of it, null for nobody. */
  assignee: {
    kind: 'person',
    name: 'assignee',
    editedBy: 'people',
    isNullable: true,
    limit: 64,
    forbidden: INVISIBLE,
    isSearched: false,
  },
  note: {
    kind: 'text',
    name: 'note',
    editedBy: 'people',
    isNullable: true,
    limit: 2000,
    forbidden: NOT_IN_A_TEXT,
    isSearched: true,
  },
} as const satisfies Readonly<Record<string, FieldDescriptor>>;
