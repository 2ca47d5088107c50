import { eventually } from '@meldesync/testkit';
import { readMetric } from '../measure/metrics.ts';
import { PATIENCE_MS } from '../poll.ts';

/**
 * The relay that feeds Redis, as soon as there is exactly one: on a busy machine one may just be taking over from another.
 * @throws when that is not so for a long time, or `signal` ends it
 */
export async function activeRelay<Relay extends { readonly adminUrl: string }>(
  relays: readonly Relay[],
  signal: AbortSignal,
): Promise<Relay> {
  let found: Relay | undefined;
  await eventually(async () => {
    if (signal.aborted) return;
    const isActive = await Promise.all(relays.map(({ adminUrl }) => readMetric(adminUrl, 'meldesync_relay_active')));
    const active = relays.filter((_, index) => isActive[index] === 1);
    if (active.length !== 1) throw new Error(`${active.length} relays are active, not one`);
    [found] = active;
  }, PATIENCE_MS);
  signal.throwIfAborted();
  if (!found) throw new Error('no relay is active');
  return found;
}
