/**
 * The kinds of value that fields of a record hold, with the type of each. What is there to enter, show or compare a
 * value is chosen by its kind, so a further field of a known kind needs nothing of its own.
 */
export interface KindValues {
  /** Names the record for good. */
  readonly identity: string;
  /** The IBE segment; `parseIbeSegment` takes it apart. */
  readonly segment: string;
  /** The hospital's number of a case; records with the same one stand together. */
  readonly case: string;
  /** Yes or no. */
  readonly flag: boolean;
  /** Id of a member of the workspace. */
  readonly person: string;
  /** What people write down. */
  readonly text: string;
}

export type FieldKind = keyof KindValues;

/** Kinds whose values people type, or that stand for what they type. They can be empty, which is null. */
export type TypedKind = 'case' | 'person' | 'text';

/** What is said of every field. */
interface Described {
  /** Its name where people type it: in options of the terminal and in codes of problems. The key in kebab-case. */
  readonly name: string;
  /** Whether a search looks into it. */
  readonly isSearched: boolean;
}

/** What people edit by typing or choosing. */
export interface TypedField extends Described {
  readonly kind: TypedKind;
  readonly editedBy: 'people';
  /** Null says that it is empty. */
  readonly isNullable: true;
  /** Longest text, in UTF-16 code units after normalisation (what `maxlength` counts, too). */
  readonly limit: number;
  /** Matches a text that holds characters which are not allowed. */
  readonly forbidden: RegExp;
}

/** A yes or no that people set. A record begins with no. */
export interface FlagField extends Described {
  readonly kind: 'flag';
  readonly editedBy: 'people';
  readonly isNullable: false;
}

/** What comes with the Meldebestätigung. Every record has it; an import may replace a segment, nothing else. */
export interface ReceivedField extends Described {
  readonly kind: 'identity' | 'segment';
  readonly editedBy: 'nobody' | 'import';
  readonly isNullable: false;
}

/** All that is to be known of a field of a record. */
export type FieldDescriptor = TypedField | FlagField | ReceivedField;
