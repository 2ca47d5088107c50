import type { UnreadablePlace } from '@meldesync/protocol';

/** How much a process says it could not read of a place (`meldesync_unreadable_total`). */
export async function unreadableCount(
  part: { readonly adminPort: number } | undefined,
  place: UnreadablePlace,
): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${part?.adminPort}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`meldesync_unreadable_total{place="${place}"`));
  return Number(line?.split(' ').at(-1) ?? 0);
}
