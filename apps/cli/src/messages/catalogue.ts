import type { de } from './de.ts';

/** The keys of the German catalogue with any text: what every other language must have. */
export type Catalogue = TextsOf<typeof de>;

/** A key of the `errors` section. */
export type ErrorKey = keyof typeof de.errors;

type TextsOf<Section> = {
  readonly [Key in keyof Section]: Section[Key] extends string ? string : TextsOf<Section[Key]>;
};
