import { judgePassword, LEAST_PASSWORD_SCORE, type PasswordOwner, wordsOfOwner } from '@meldesync/domain';
import type { ErrorCode } from '@meldesync/protocol';
import { passwordStrength } from './password-strength.ts';

/**
 * Why somebody may not have this password, as a code of the catalogue; undefined when they may. Asks nobody outside. Throws
 * `unavailable` where too many are looked at already.
 */
export async function checkPassword(password: string, owner: PasswordOwner): Promise<ErrorCode | undefined> {
  const problem = judgePassword(password, owner);
  if (problem) return problem;
  const score = await passwordStrength(password, wordsOfOwner(owner));
  return score < LEAST_PASSWORD_SCORE ? 'password-too-common' : undefined;
}
