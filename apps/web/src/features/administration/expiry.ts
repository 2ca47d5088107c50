import { endOfDay } from '@meldesync/domain';

/** A calendar day as a date field has it, `yyyy-mm-dd`. */
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The last moment of a day here, as an ISO date and time; null for what is no day. */
export function lastMomentOf(day: string): string | null {
  const [, year, month, date] = DAY.exec(day) ?? [];
  return endOfDay(Number(year), Number(month), Number(date))?.toISOString() ?? null;
}

/** The day here of a moment, as a date field takes it. */
export function dayOf(moment: number): string {
  const at = new Date(moment);
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
  return `${pad(at.getFullYear(), 4)}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** The day here of a moment in ISO form; empty for none. */
export function dayOfIso(iso: string | null): string {
  return iso === null ? '' : dayOf(Date.parse(iso));
}

/** What a date field says: until when, without end, or neither. */
export type ChosenExpiry =
  | { readonly kind: 'until'; readonly at: string }
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'invalid' };

/** Reads a date field of a membership; a day that is over is invalid. */
export function chosenExpiry(day: string, now: number): ChosenExpiry {
  if (day === '') return { kind: 'unlimited' };
  const at = lastMomentOf(day);
  return at === null || Date.parse(at) <= now ? { kind: 'invalid' } : { kind: 'until', at };
}
