/** The last millisecond of a day of the calendar, by the clock here; undefined for a day that there is not. */
export function endOfDay(year: number, month: number, day: number): Date | undefined {
  const end = new Date(year, month - 1, day, 23, 59, 59, 999);
  return end.getFullYear() === year && end.getMonth() === month - 1 && end.getDate() === day ? end : undefined;
}
