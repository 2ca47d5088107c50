import type { LiveLock } from '@meldesync/client';
import { useClock } from '../../i18n/use-clock.ts';
import { formatSpan } from './format-span.ts';

const SECOND_MS = 1_000;

/** How long someone has been editing, or how soon the case is free. Ticks by itself: nothing around it is drawn anew. */
export function LockClock({ lock }: { lock: Pick<LiveLock, 'since' | 'endsAt'> }) {
  const now = useClock(SECOND_MS);
  return lock.endsAt === null ? formatSpan(now - lock.since) : formatSpan(lock.endsAt - now + SECOND_MS - 1);
}
