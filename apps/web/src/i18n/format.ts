import type { Language } from '@meldesync/domain';
import { toServerTime } from '../time/page-time.ts';

const LOCALES: Record<Language, string> = { de: 'de-DE', en: 'en-GB' };

/** Formatters are costly to make and tables need thousands of calls, so each is made once. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}:${name}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(LOCALES[language], options);
  formatters.set(key, made);
  return made;
}

/** A calendar date `yyyy-mm-dd` short enough for a table: `01.07.24`, in English `01 Jul 24`. */
export function formatDayShort(isoDate: string, language: Language): string {
  const [year = '', month = '', day = ''] = isoDate.split('-');
  if (language === 'de') return `${day}.${month}.${year.slice(2)}`;
  return `${day} ${MONTHS[Number(month) - 1] ?? month} ${year.slice(2)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment for the "latest" column: the time if it is today, the short date otherwise. Local time of the browser. */
export function formatMoment(iso: string, now: Date | number, language: Language): string {
  const moment = new Date(iso);
  if (isNoMoment(moment)) return iso;
  if (moment.toDateString() === new Date(now).toDateString()) return formatTime(moment, language);
  return formatDayShort(localDay(moment), language);
}

/** As of when data are: the time, and the day before it unless that is today. */
export function formatAsOf(moment: number, now: number, language: Language): string {
  const time = formatTime(moment, language);
  const at = new Date(moment);
  return at.toDateString() === new Date(now).toDateString() ? time : `${formatDate(at, language)}, ${time}`;
}

/** The same of a time of this page's own, as the service's clock would have said it. */
export function formatOwnAsOf(moment: number, now: number, language: Language): string {
  return formatAsOf(toServerTime(moment), toServerTime(now), language);
}

/** Whole minutes that have passed; never below none, as `now` may be that of a clock that ticks each second only. */
export function minutesSince(moment: number, now: number): number {
  return Math.max(0, Math.floor((now - moment) / 60_000));
}

/** Hours and minutes. */
export function formatTime(moment: Date | number, language: Language): string {
  if (isNoMoment(moment)) return '–';
  return formatter(language, 'time', { hour: '2-digit', minute: '2-digit' }).format(moment);
}

/** Hours, minutes and seconds, for what changes while one looks. */
export function formatClock(moment: Date | number, language: Language): string {
  if (isNoMoment(moment)) return '–';
  return formatter(language, 'clock', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(moment);
}

/** Date as in tables. */
export function formatDate(moment: Date, language: Language): string {
  return formatDayShort(localDay(moment), language);
}

/** A calendar date `yyyy-mm-dd` as a heading over what was on that day. */
export function formatWeekday(isoDate: string, language: Language): string {
  const [year = 0, month = 1, day = 1] = isoDate.split('-').map(Number);
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return formatter(language, 'weekday', options).format(new Date(year, month - 1, day));
}

/** Date and time to the second, for tooltips and the history. */
export function formatExact(iso: string, language: Language): string {
  const moment = new Date(iso);
  if (isNoMoment(moment)) return iso;
  return formatter(language, 'exact', { dateStyle: 'medium', timeStyle: 'medium' }).format(moment);
}

/** Date and time as exactly as a browser says it, for what is on record. */
export function formatPrecise(iso: string, language: Language): string {
  const moment = new Date(iso);
  if (isNoMoment(moment)) return iso;
  return formatter(language, 'precise', {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(moment);
}

/** Date and time to the minute, for sentences: until when a link works, since when somebody is signed in. */
export function formatMinute(iso: string, language: Language): string {
  const moment = new Date(iso);
  if (isNoMoment(moment)) return iso;
  return formatter(language, 'minute', { dateStyle: 'medium', timeStyle: 'short' }).format(moment);
}

/** Whether it is none: Postgres knows times that are none here, such as `infinity`, which are shown as it says them. */
function isNoMoment(moment: Date | number): boolean {
  return Number.isNaN(Number(moment));
}

/** A long identifier shortened in the middle, its ends kept: `a1b2c3…d4e5f6`. */
export function shortenMiddle(text: string, keep = 6): string {
  return text.length <= keep * 2 + 1 ? text : `${text.slice(0, keep)}…${text.slice(-keep)}`;
}

function localDay(moment: Date): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
}
