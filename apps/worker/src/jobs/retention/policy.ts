import type { Retained } from '@meldesync/protocol';

/** How long each kind is kept; null for good. */
export type RetentionPolicy = Readonly<
  Record<Retained, { readonly count: number; readonly unit: 'days' | 'months' } | null>
>;

/** Before which moment a kind may go; undefined where it stays for good. */
export function endOf(policy: RetentionPolicy, kind: Retained, now: Date): Date | undefined {
  const keeps = policy[kind];
  if (!keeps) return undefined;
  const end = new Date(now);
  if (keeps.unit === 'days') end.setUTCDate(end.getUTCDate() - keeps.count);
  else {
    // The last day of a month where the other one is shorter: never a day too early.
    const day = end.getUTCDate();
    end.setUTCDate(1);
    end.setUTCMonth(end.getUTCMonth() - keeps.count);
    const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
    end.setUTCDate(Math.min(day, last));
  }
  return end;
}
