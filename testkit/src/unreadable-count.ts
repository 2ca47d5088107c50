import type { UnreadablePlace } from '@meldesync/protocol';
import { type Measured, metricOf } from './metrics.ts';

/** How much a process says it could not read of a place (`meldesync_unreadable_total`). */
export function unreadableCount(part: Measured, place: UnreadablePlace): Promise<number> {
  return metricOf(part, 'meldesync_unreadable_total', { place });
}
