import type { OperationsProcess } from '@meldesync/protocol';

interface TierCount {
  /** Milliseconds between two deliveries; 0 is at once. */
  readonly tier: number;
  readonly count: number;
}

/** How many connections of all nodes together get changes how often, quickest first; the quickest is there also where it has none. */
export function connectionsByTier(processes: readonly Pick<OperationsProcess, 'connections'>[]): TierCount[] {
  const counts = new Map<number, number>([[0, 0]]);
  for (const { connections = [] } of processes)
    for (const { tier, count } of connections) counts.set(tier, (counts.get(tier) ?? 0) + count);
  return [...counts]
    .map(([tier, count]) => ({ tier, count }))
    .filter(({ tier, count }) => tier === 0 || count > 0)
    .toSorted((one, other) => one.tier - other.tier);
}
