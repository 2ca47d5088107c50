/** Names of values that are moments. What people write down is under other names and stays as it is. */
const MOMENT = /^(?:at|since|until|from|to|expires|[a-z]\w*At)$/;
const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Writes each moment in one form, ISO 8601 in UTC with milliseconds, whichever the server wrote it in: a replacer for `JSON.stringify`. */
export function withOneTimeForm(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !MOMENT.test(key) || !ISO_UTC.test(value)) return value;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : date.toISOString();
}
