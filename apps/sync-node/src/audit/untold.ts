/** What is not in the trail though it happened: how much of which kind, from when to when by the clock of this node. */
export interface UntoldEntries {
  readonly count: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly until: string;
}

/** One more. */
export function addUntold(before: UntoldEntries | undefined, kind: string, now: string): UntoldEntries {
  const { count = 0, kinds = {}, since = now } = before ?? {};
  return { count: count + 1, kinds: { ...kinds, [kind]: (kinds[kind] ?? 0) + 1 }, since, until: now };
}

/** What is left once the first has been told: what came while it was. */
export function withoutTold(all: UntoldEntries, told: UntoldEntries): UntoldEntries | undefined {
  const count = all.count - told.count;
  if (count === 0) return undefined;
  const left = Object.entries(all.kinds).map(([kind, many]): [string, number] => [
    kind,
    many - (told.kinds[kind] ?? 0),
  ]);
  return { ...all, count, kinds: Object.fromEntries(left.filter(([, many]) => many > 0)), since: told.until };
}
