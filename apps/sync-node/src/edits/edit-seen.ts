import type { EditOrder, EditResult } from './perform-edit.ts';

/** An edit that was answered, as it is measured. */
interface EditSeen {
  readonly via: EditOrder['via'];
  /** The worst of its items; `refused` as a whole, or `failed`: nobody knows whether it was carried out. */
  readonly outcome: 'accepted' | 'conflict' | 'rejected' | 'refused' | 'failed';
  readonly durationMs: number;
  /** Records that somebody else had changed first: in a field that was to be set, or beside it. */
  readonly conflicts: { readonly overlapping: number; readonly beside: number };
  readonly traceparent: string | undefined;
}

export interface EditObserver {
  /** An edit was answered, or failed. */
  readonly onEdited: (edit: EditSeen) => void;
}

/** How an edit is measured; `result` is undefined where it failed. */
function seenOf(
  { via, traceparent }: Pick<EditOrder, 'via' | 'traceparent'>,
  result: EditResult | undefined,
  durationMs: number,
): EditSeen {
  const outcomes = result && 'outcomes' in result ? result.outcomes : [];
  const conflicts = outcomes.flatMap((one) => (one.outcome === 'conflict' ? one.overlaps : []));
  const overlapping = conflicts.filter(Boolean).length;
  return {
    via,
    outcome: outcomeOf(result),
    durationMs,
    conflicts: { overlapping, beside: conflicts.length - overlapping },
    traceparent,
  };
}

function outcomeOf(result: EditResult | undefined): EditSeen['outcome'] {
  if (!result) return 'failed';
  if ('refused' in result) return 'refused';
  const has = (outcome: 'conflict' | 'rejected') => result.outcomes.some((one) => one.outcome === outcome);
  return has('conflict') ? 'conflict' : has('rejected') ? 'rejected' : 'accepted';
}

/** Carries an edit out and tells of it once `answer` has answered it, or it has failed. */
export async function observed<Answer>(
  { onEdited, monotonicMs }: EditObserver & { readonly monotonicMs: () => number },
  order: Pick<EditOrder, 'via' | 'traceparent'>,
  {
    receivedAt,
    perform,
    answer,
  }: {
    /** By the clock of `monotonicMs`. */
    readonly receivedAt: number;
    readonly perform: () => Promise<EditResult>;
    readonly answer: (result: EditResult) => Answer;
  },
): Promise<Answer> {
  let result: EditResult | undefined;
  try {
    result = await perform();
    return answer(result);
  } finally {
    onEdited(seenOf(order, result, monotonicMs() - receivedAt));
  }
}
