import type { Language } from '../messages/language.ts';
import { localeOf } from '../messages/translator.ts';

/** Writes times as the language does, in the time zone of the machine. Takes ISO 8601 or a `Date`. */
export interface DateTexts {
  /** `12.05.25, 10:42`, today `10:42`. */
  short(at: string | Date, now?: Date): string;
  /** `12.05.2025, 10:42:07` */
  full(at: string | Date): string;
  /** `10:42:07` */
  clock(at: string | Date): string;
  /** A day without a time, `2024-07-01`, in short: `01.07.24`. */
  day(isoDate: string): string;
}

export function createDateTexts(language: Language, timeZone?: string): DateTexts {
  const zone = timeZone === undefined ? {} : { timeZone };
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(localeOf(language), { ...zone, ...options });
    // Postgres knows times that are none here, such as `infinity`: they are shown as it says them.
    return (at: string | Date) => {
      const date = new Date(at);
      return Number.isNaN(date.getTime()) ? String(at) : made.format(date);
    };
  };
  const day = { day: '2-digit', month: '2-digit', year: '2-digit' } as const;
  const minute = { hour: '2-digit', minute: '2-digit' } as const;
  const second = { ...minute, second: '2-digit' } as const;
  const onlyDay = format(day);
  const onlyMinute = format(minute);
  const dayAndMinute = format({ ...day, ...minute });
  const full = format({ ...day, year: 'numeric', ...second });
  const clock = format(second);
  const utcDay = format({ ...day, timeZone: 'UTC' });
  return {
    short: (at, now = new Date()) => (onlyDay(at) === onlyDay(now) ? onlyMinute : dayAndMinute)(at),
    full,
    clock,
    day: (isoDate) => utcDay(`${isoDate}T00:00:00Z`),
  };
}
