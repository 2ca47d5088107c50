import supported from '../../../supported-versions.json' with { type: 'json' };

/** The oldest version of each server that MeldeSync works with. */
export const OLDEST_SERVERS = {
  PostgreSQL: supported.postgres,
  Redis: supported.redis,
  Valkey: supported.valkey,
} as const;

export type ServerKind = keyof typeof OLDEST_SERVERS;

/** A server that this process cannot work with: said in one line, and no retry helps until somebody changes it. */
export class UnsupportedServer extends Error {
  override readonly name = 'UnsupportedServer';
}

/**
 * Whether a version comes before another; what a version lacks counts as 0, and what follows its numbers is left out:
 * `15beta1` is not before `15`.
 */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => (/^[\d.]+/.exec(text)?.[0] ?? '').split('.').map(Number);
  const [found, wanted] = [numbers(version), numbers(than)];
  for (const [place, number] of wanted.entries()) {
    const difference = (found[place] ?? 0) - number;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/**
 * @param at host and port, for people
 * @param oldest the oldest supported version unless given
 * @throws UnsupportedServer naming the version that was found and the one that is wanted
 */
export function requireVersion(
  kind: ServerKind,
  found: string,
  at: string,
  oldest: string = OLDEST_SERVERS[kind],
): void {
  if (!isOlder(found, oldest)) return;
  throw new UnsupportedServer(`${kind} at ${at} is ${found}, and MeldeSync needs ${oldest} or newer`);
}
