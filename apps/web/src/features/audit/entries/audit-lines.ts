import type { AuditEntry } from '@meldesync/protocol';
import { localDay } from '../../../address/audit-search.ts';

/** A line of the list: the day that begins, or an entry. */
export type AuditLine =
  | { readonly kind: 'day'; readonly key: string; readonly day: string }
  | { readonly kind: 'entry'; readonly key: string; readonly entry: AuditEntry };

/** Entries, the newest first, under the days on which they were here. */
export function linesOf(entries: readonly AuditEntry[]): readonly AuditLine[] {
  const lines: AuditLine[] = [];
  let last: string | null = null;
  for (const entry of entries) {
    const day = localDay(Date.parse(entry.at));
    if (day !== last) lines.push({ kind: 'day', key: `day:${day}:${lines.length}`, day });
    last = day;
    lines.push({ kind: 'entry', key: entry.key, entry });
  }
  return lines;
}

/** The line to go to from a line, over days; the line itself where there is none. */
export function lineFrom(lines: readonly AuditLine[], line: number, step: number): number {
  const goal = Math.min(Math.max(line + step, 0), lines.length - 1);
  if (lines[goal]?.kind === 'entry') return goal;
  // A day: what lies behind it in this direction, or else before it.
  const way = step < 0 ? -1 : 1;
  for (const direction of [way, -way]) {
    for (let at = goal + direction; at >= 0 && at < lines.length; at += direction) {
      if (lines[at]?.kind === 'entry') return at;
    }
  }
  return line;
}
