/**
 * The last millisecond of a day of the calendar, by the clock of a time zone, else by the clock here; undefined for a day that there is
 * not. Throws `RangeError` for a zone that nobody knows.
 */
export function endOfDay(year: number, month: number, day: number, timeZone?: string): Date | undefined {
  const end = new Date(year, month - 1, day, 23, 59, 59, 999);
  if (end.getFullYear() !== year || end.getMonth() !== month - 1 || end.getDate() !== day) return undefined;
  if (timeZone === undefined) return end;
  const wanted = Date.UTC(year, month - 1, day, 23, 59, 59, 999);
  // What is ahead at that time of UTC is not quite what is ahead there; the second look is right but for a clock that is just being changed.
  const near = wanted - aheadMs(wanted, timeZone);
  return new Date(wanted - aheadMs(near, timeZone));
}

/** Whether there is such a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

/** How far the clock of a time zone is ahead of UTC at a moment. */
function aheadMs(moment: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value);
  const there = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return there - Math.floor(moment / 1_000) * 1_000;
}
