import { contentFunctions } from './record-content.ts';
import { repairFunction } from './record-repair.ts';
import { triggerFunctions } from './record-triggers.ts';

/**
 * The functions of the database that name every field of a record, as SQL that makes or replaces them. They belong into a
 * migration whenever they differ from what the database has: `npm run triggers -w packages/db` prints them, and a test
 * compares both.
 */
export function recordFunctions(): readonly string[] {
  return [...contentFunctions(), ...triggerFunctions(), repairFunction()];
}
