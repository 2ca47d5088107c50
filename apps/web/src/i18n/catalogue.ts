import type { de } from './de/index.ts';

type TextsLike<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : TextsLike<Tree[Key]> };

/** The shape of a catalogue of texts: the German one sets the keys. */
export type Messages = TextsLike<typeof de>;
