import { CliError } from '../errors.ts';

const HOUR_MS = 60 * 60 * 1_000;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS };

/**
 * Parser of a point in time of the past: a day (`2026-11-30`, its beginning, or as an end the whole of it), a moment of ISO 8601, or how
 * long ago (`30m`, `24h`, `7d`, `2w`). ISO 8601 in UTC.
 */
export function moment(
  option: string,
  edge: 'begin' | 'end',
  now: () => Date = () => new Date(),
): (value: string) => string {
  return (value) => {
    const [, count = '', unit = ''] = /^(\d{1,4})([mhdw])$/.exec(value) ?? [];
    const ago = Number(count) * (UNIT_MS[unit] ?? 0);
    if (ago > 0) return new Date(now().getTime() - ago).toISOString();
    const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
    const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value);
    const date = day === '' ? new Date(isMoment ? value : Number.NaN) : dayOf(year, month, day, edge);
    if (Number.isNaN(date.getTime())) throw new CliError('invalidMoment', { option, value });
    return date.toISOString();
  };
}

/** In the time zone of the machine. */
function dayOf(year: string, month: string, day: string, edge: 'begin' | 'end'): Date {
  const begin = new Date(Number(year), Number(month) - 1, Number(day));
  // The 31st of a shorter month would be the first of the next.
  if (begin.getDate() !== Number(day) || begin.getMonth() !== Number(month) - 1) return new Date(Number.NaN);
  return edge === 'begin' ? begin : new Date(Number(year), Number(month) - 1, Number(day) + 1);
}
