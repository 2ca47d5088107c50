/** Text that is no JSON, or JSON that Postgres could not keep as jsonb. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
}

const SPACE = /[ \t\n\r]*/y;
// oxlint-disable-next-line no-control-regex -- in a string of JSON they are not allowed
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
/** As deep as any text of ours goes, many times over; a deeper one would end the process. */
const DEEPEST = 500;

/**
 * The text that Postgres gives for a JSON text as jsonb: keys by their length in bytes, then by their bytes, the last of equal ones; one
 * space after each comma and colon; numbers without exponents, with the decimal places they were written with. Throws NotJson.
 */
export function jsonbText(json: string): string {
  return read(json, ({ value }) => value(0));
}

/** The same of each member of a JSON object, by its key: read by JavaScript, a number could come out otherwise. Throws NotJson. */
export function jsonbMembers(json: string): ReadonlyMap<string, string> {
  return read(json, ({ members }) => new Map(members(0)));
}

interface Reader {
  readonly value: (depth: number) => string;
  readonly members: (depth: number) => Array<readonly [string, string]>;
}

/** Reads a JSON text to its end. */
function read<Result>(json: string, use: (reader: Reader) => Result): Result {
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(json)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const expect = (character: string) => {
    if (json[at] !== character) throw new NotJson(`no ${character} at ${at}`);
    at += 1;
  };
  const list = <Item>(open: string, close: string, item: () => Item): Item[] => {
    const items: Item[] = [];
    expect(open);
    take(SPACE);
    if (json[at] === close) {
      at += 1;
      return items;
    }
    for (;;) {
      take(SPACE);
      items.push(item());
      take(SPACE);
      if (json[at] === close) break;
      expect(',');
    }
    at += 1;
    return items;
  };
  const string = (): string => {
    const text = take(STRING);
    if (text === null) throw new NotJson(`no string at ${at}`);
    return JSON.parse(text) as string;
  };
  const member = (depth: number): readonly [string, string] => {
    const key = string();
    take(SPACE);
    expect(':');
    return [key, value(depth + 1)];
  };
  const members = (depth: number) => list('{', '}', () => member(depth));
  const value = (depth: number): string => {
    if (depth > DEEPEST) throw new NotJson('too deep');
    take(SPACE);
    const first = json[at];
    if (first === '{') return objectText(members(depth));
    if (first === '[') return `[${list('[', ']', () => value(depth + 1)).join(', ')}]`;
    if (first === '"') return stringText(string());
    const word = take(WORD);
    if (word !== null) return word;
    const number = take(NUMBER);
    if (number === null) throw new NotJson(`no value at ${at}`);
    return numberText(number);
  };
  take(SPACE);
  const result = use({ value, members });
  take(SPACE);
  if (at !== json.length) throw new NotJson(`something behind the value at ${at}`);
  return result;
}

/** The same of an array of texts and nulls, such as all that is hashed here is. */
export function jsonbArray(items: ReadonlyArray<string | null>): string {
  return `[${items.map((item) => (item === null ? 'null' : stringText(item))).join(', ')}]`;
}

function stringText(value: string): string {
  if (value.includes('\u0000') || /\p{Surrogate}/u.test(value))
    throw new NotJson('a character that Postgres does not keep');
  return JSON.stringify(value);
}

function objectText(members: ReadonlyArray<readonly [string, string]>): string {
  const last = new Map(members);
  const keys = [...last.keys()].map((key) => ({ key, bytes: Buffer.from(key, 'utf8') }));
  keys.sort((one, other) => one.bytes.length - other.bytes.length || Buffer.compare(one.bytes, other.bytes));
  return `{${keys.map(({ key }) => `${stringText(key)}: ${last.get(key)}`).join(', ')}}`;
}

/** Digits that `numeric` keeps before and behind the point; beyond them Postgres takes no number. */
const MOST_DIGITS = 150_000;

function numberText(written: string): string {
  const [, sign = '', whole = '', decimals = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written) ?? [];
  const shift = Number(exponent);
  if (Math.abs(shift) > MOST_DIGITS) throw new NotJson('a number that Postgres does not keep');
  const places = Math.max(0, decimals.length - shift);
  const digits = (whole + decimals + '0'.repeat(Math.max(0, shift - decimals.length))).padStart(places + 1, '0');
  const before = digits.slice(0, digits.length - places).replace(/^0+(?=\d)/, '');
  const behind = digits.slice(digits.length - places);
  const text = behind === '' ? before : `${before}.${behind}`;
  return /[1-9]/.test(text) ? sign + text : text;
}
