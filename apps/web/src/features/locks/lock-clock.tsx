import type { LiveLock } from '@meldesync/client';
import { useClock, usePageClock } from '../../i18n/use-clock.ts';
import { formatSpan } from './format-span.ts';

const SECOND_MS = 1_000;

/** How long someone has been editing, or how soon the case is free. Ticks by itself: nothing around it is drawn anew. */
export function LockClock({ lock }: { lock: Pick<LiveLock, 'since' | 'endsAt'> }) {
  const serverTime = useClock(SECOND_MS);
  const pageTime = usePageClock(SECOND_MS);
  // The service says since when; when it ends is known from how long it was to go on.
  if (lock.endsAt === null) return formatSpan(Math.max(0, serverTime - lock.since));
  return formatSpan(lock.endsAt - pageTime + SECOND_MS - 1);
}
