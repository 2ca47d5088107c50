import { HeldBytes, type Holder } from '../../budgets/held-bytes.ts';
import { MAX_ALL_UNANSWERED_BYTES, MAX_UNANSWERED_BYTES } from '../limits.ts';

/** Room for the edits that were not answered yet: each connection has its share, and none has all of it. */
export function unansweredEdits(
  all: number = MAX_ALL_UNANSWERED_BYTES,
  each: number = MAX_UNANSWERED_BYTES,
): HeldBytes {
  const nothing = { all: 0, each: 0 };
  return new HeldBytes({ person: { all, each }, stranger: nothing, unknown: nothing });
}

/** On whose account the edits of a connection are held. */
export function holderOfEdits(connection: string): Holder {
  return { kind: 'person', key: connection };
}
