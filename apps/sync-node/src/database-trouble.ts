import { isOutage, isOverdue } from '@meldesync/db';
import type { DatabaseTrouble } from './core/judge-failure.ts';

/** What an error of Postgres says about when to try again. */
export function databaseTrouble(error: unknown): DatabaseTrouble {
  if (isOverdue(error)) return 'overdue';
  return isOutage(error) ? 'outage' : undefined;
}
