import { BusUnavailableError } from '@meldesync/bus';
import { EventUnrecordedError, isOutage, isOverdue } from '@meldesync/db';
import type { DatabaseTrouble } from './core/judge-failure.ts';

/** What an error of Postgres, or of the bus, says about when to try again. */
export function databaseTrouble(error: unknown): DatabaseTrouble {
  if (isOverdue(error)) return 'overdue';
  if (isOutage(error) || error instanceof BusUnavailableError) return 'outage';
  return error instanceof EventUnrecordedError ? 'unrecorded' : undefined;
}
