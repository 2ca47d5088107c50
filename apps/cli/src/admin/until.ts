import { CliError } from '../errors.ts';

const HOUR_MS = 60 * 60 * 1_000;
const UNIT_MS: Readonly<Record<string, number>> = { h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS };

/**
 * Parser of a point in time at which something ends: a day, which it lasts through (`2026-12-31`), a moment of ISO 8601, or how long
 * from now (`12h`, `30d`, `8w`). ISO 8601 in UTC.
 */
export function until(option: string, now: () => Date = () => new Date()): (value: string) => string {
  return (value) => {
    const [, count = '', unit = ''] = /^(\d{1,4})([hdw])$/.exec(value) ?? [];
    const lasts = Number(count) * (UNIT_MS[unit] ?? 0);
    if (lasts > 0) return new Date(now().getTime() + lasts).toISOString();
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
    const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value);
    const date = isDay ? endOfDay(value) : new Date(isMoment ? value : Number.NaN);
    if (Number.isNaN(date.getTime())) throw new CliError('invalidMoment', { option, value });
    return date.toISOString();
  };
}

/** The same, or `never`, which is null. */
export function untilOrNever(option: string): (value: string) => string | null {
  const parse = until(option);
  return (value) => (value === 'never' || value === 'nie' ? null : parse(value));
}

/** In the time zone of the machine. */
function endOfDay(day: string): Date {
  const end = new Date(`${day}T23:59:59`);
  // The 31st of a shorter month would be the first of the next.
  return end.getDate() === Number(day.slice(-2)) ? end : new Date(Number.NaN);
}
