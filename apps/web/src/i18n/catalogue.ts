import type { administration } from './de/administration.ts';
import type { audit } from './de/audit.ts';
import type { entry } from './de/entry.ts';
import type { de } from './de/index.ts';

type TextsLike<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : TextsLike<Tree[Key]> };

/** The shape of a catalogue of texts: the German one sets the keys. */
export type Messages = TextsLike<typeof de>;

/** Texts that `LaterTexts` adds where they are needed. */
export interface LaterCatalogue {
  readonly administration: typeof administration;
  readonly audit: typeof audit;
  readonly entry: typeof entry;
}

/** Their shape. */
export type LaterMessages = TextsLike<LaterCatalogue>;
