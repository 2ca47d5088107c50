import { type ErrorCode, MAX_PASSWORD_LENGTH } from '@meldesync/protocol';

const MIN_PASSWORD_LENGTH = 12;

/** Whose password it is to be. */
export interface PasswordOwner {
  readonly name: string;
  readonly email: string;
}

/** Why a password is not taken for a person; undefined for one that is. */
export async function checkPassword(password: string, person: PasswordOwner): Promise<ErrorCode | undefined> {
  const { length } = Array.from(password);
  if (length < MIN_PASSWORD_LENGTH) return 'password-too-short';
  if (length > MAX_PASSWORD_LENGTH) return 'password-too-long';
  const text = password.trim().toLowerCase();
  return text === person.email.toLowerCase() || text === person.name.toLowerCase() ? 'password-is-address' : undefined;
}
