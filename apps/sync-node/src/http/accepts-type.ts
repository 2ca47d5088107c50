/** How many of the media types that a request names are looked at; a browser names a handful. */
const MAX_RANGES = 32;
const RANGE = /^(?<type>[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+)(?:\s*;(?<parameters>.*))?$/;
const QUALITY = /(?:^|;)\s*q=(?<quality>[\d.]+)/i;

interface Range {
  readonly type: string;
  readonly quality: number;
}

/**
 * Whether a request takes an answer of one of these media types (RFC 9110 §12.5.1). Who says nothing, or nothing that could be read, takes
 * any.
 */
export function acceptsOneOf(accept: string | null, types: readonly string[]): boolean {
  const ranges = (accept ?? '').split(',', MAX_RANGES).flatMap(readRange);
  return ranges.length === 0 || types.some((type) => qualityOf(type, ranges) > 0);
}

function readRange(text: string): Range[] {
  const { type, parameters = '' } = RANGE.exec(text.trim())?.groups ?? {};
  if (type === undefined) return [];
  const quality = QUALITY.exec(parameters)?.groups?.['quality'];
  return [{ type: type.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) }];
}

/** By the range that says most of it; 0 where none does. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const of = (range: string) => ranges.find((one) => one.type === range)?.quality;
  return of(type) ?? of(`${type.slice(0, type.indexOf('/'))}/*`) ?? of('*/*') ?? 0;
}
