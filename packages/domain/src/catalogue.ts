/** The languages every text of the domain exists in. */
export type Language = 'de' | 'en';

/** One text in both languages; `{name}` marks where a parameter goes. */
export interface Sentence {
  readonly de: string;
  readonly en: string;
}

/** Values for the placeholders of a sentence. */
export type Params = Readonly<Record<string, string | number>>;

type Placeholder<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

/** The parameters the German template of a sentence names; a test asserts that the English one names the same. */
export type ParamsOf<S extends Sentence> = Readonly<Record<Placeholder<S['de']>, string | number>>;

/** Fills the placeholders of `sentence`. A placeholder without a parameter stays as it is. */
export function fillSentence(sentence: Sentence, language: Language, params: Params): string {
  return sentence[language].replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
    String(params[name] ?? placeholder),
  );
}
