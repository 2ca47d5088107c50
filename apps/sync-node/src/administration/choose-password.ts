import type { PasswordChecks } from '../auth/password-checks.ts';
import { checkPassword } from '../auth/password-rules.ts';
import { CodedError } from '../coded-error.ts';

/** The hash of a password that a person has chosen; throws the code of the rule that it breaks, and `unavailable`. */
export async function hashChosen(
  passwords: Pick<PasswordChecks, 'hash'>,
  password: string,
  person: { readonly name: string; readonly email: string },
): Promise<string> {
  const broken = await checkPassword(password, person);
  if (broken !== undefined) throw new CodedError(broken, 'the password breaks a rule');
  return passwords.hash(password);
}
