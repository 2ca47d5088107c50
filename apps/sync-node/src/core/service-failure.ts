import type { ErrorCode } from '@meldesync/protocol';
import { judgeFailure } from './judge-failure.ts';
import type { NodeDatabase } from './node-database.ts';

const SERVICE_CODES: ReadonlySet<ErrorCode> = new Set(['unavailable', 'internal', 'trail-unavailable']);

/** Whether what was thrown is the service's own failure: for no fault of who asked, nor for what somebody else has locked. */
export function isServiceFailure(error: unknown, database: Pick<NodeDatabase, 'troubleOf'>): boolean {
  const { code } = judgeFailure(error, (trouble) => database.troubleOf(trouble));
  return SERVICE_CODES.has(code) && database.troubleOf(error) !== 'overdue';
}
