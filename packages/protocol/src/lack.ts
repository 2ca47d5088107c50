/** What a process says whose Redis is silent. */
const NO_REDIS = /^Redis does not answer$/;

interface Lack {
  /** What a process says. */
  readonly said: RegExp;
  /** One sentence for a person; `$1` is what the expression's first group found. */
  readonly de: string;
  readonly en: string;
}

/** What a process may say that it lacks (`missing` of `/readyz`), for people. */
const LACKS: readonly Lack[] = [
  { said: /^stopping$/, de: 'wird beendet', en: 'is stopping' },
  { said: /^Postgres does not answer$/, de: 'Postgres antwortet nicht', en: 'Postgres does not answer' },
  { said: NO_REDIS, de: 'Redis antwortet nicht', en: 'Redis does not answer' },
  { said: /^no imports are taken$/, de: 'nimmt keine Importe an', en: 'takes no imports' },
  { said: /^no canary for (\d+) s$/, de: 'hört seit $1 s nichts Neues', en: 'has heard nothing new for $1 s' },
  {
    said: /^no canary comes round$/,
    de: 'was es in Redis schreibt, kommt nicht zurück',
    en: 'what it writes into Redis does not come back',
  },
  {
    said: /^it neither holds the slot yet nor stands by$/,
    de: 'hat den Slot noch nicht und steht nicht bereit',
    en: 'neither holds the slot yet nor stands by',
  },
];

/** What a process lacks, in a language; as it was said where this version has no words for it, such as an error. */
export function describeLack(said: string, language: 'de' | 'en'): string {
  const lack = LACKS.find((known) => known.said.test(said));
  return lack ? said.replace(lack.said, lack[language]) : said;
}

/**
 * Whether Redis is silent for whoever says how all are: of the others nothing is known then, and what it says of relays, workers and the queue
 * is nothing but that. Other processes reach it through Redis, so it is alone then.
 */
export function isWithoutRedis(heard: readonly { readonly missing: readonly string[] }[]): boolean {
  return heard.length > 0 && heard.every(({ missing }) => missing.some((said) => NO_REDIS.test(said)));
}
