import type { NodeRuntime } from '../runtime.ts';
import { judgeFailure } from './judge-failure.ts';
import type { NodeDatabase } from './node-database.ts';

/** An edit was answered so many seconds after it came; `isFailed`: for no fault of who sent it, nor for what somebody else has locked. */
export type OnEdited = (seconds: number, isFailed: boolean) => void;

export interface EditMeasure {
  /** Monotonic milliseconds. */
  readonly receivedAt: number;
  readonly runtime: Pick<NodeRuntime, 'monotonicMs'>;
  readonly database: Pick<NodeDatabase, 'troubleOf'>;
  readonly onEdited: OnEdited;
}

/** Measures how long an edit takes until its answer; resolves and rejects as that does. */
export async function measureEdit<T>(
  answered: Promise<T>,
  { receivedAt, runtime, database, onEdited }: EditMeasure,
): Promise<T> {
  const tell = (isFailed: boolean) => onEdited((runtime.monotonicMs() - receivedAt) / 1_000, isFailed);
  try {
    const answer = await answered;
    tell(false);
    return answer;
  } catch (error) {
    const { code } = judgeFailure(error, (trouble) => database.troubleOf(trouble));
    tell((code === 'unavailable' || code === 'internal') && database.troubleOf(error) !== 'overdue');
    throw error;
  }
}
