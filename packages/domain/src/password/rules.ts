/** How long a password is, in characters. */
export const PASSWORD_LENGTH = { least: 12, most: 256 } as const;

/** From this score of `passwordScore` on a password is hard enough to guess. */
export const LEAST_PASSWORD_SCORE = 3;

/** Whose password it is to be. */
export interface PasswordOwner {
  readonly name: string;
  readonly email: string;
}

export type PasswordProblem = 'password-too-short' | 'password-too-long' | 'password-is-address';

/** What is wrong with a password at first sight; whether it is easy to guess takes a dictionary (`@meldesync/domain/password-score`). */
export function judgePassword(password: string, owner: PasswordOwner): PasswordProblem | undefined {
  const characters = Array.from(password).length;
  if (characters < PASSWORD_LENGTH.least) return 'password-too-short';
  if (characters > PASSWORD_LENGTH.most) return 'password-too-long';
  const core = bare(password);
  return ownNames(owner).some((own) => own !== '' && own === core) ? 'password-is-address' : undefined;
}

/** What somebody who knows the person tries first; for `passwordScore`. */
export function wordsOfOwner({ name, email }: PasswordOwner): string[] {
  const words = [email, ...email.split(/[@.+_-]+/), name, ...name.split(/\s+/), 'meldesync'];
  return [...new Set(words.map((word) => word.toLowerCase()).filter((word) => word.length > 2))];
}

function ownNames({ name, email }: PasswordOwner): string[] {
  const at = email.lastIndexOf('@');
  return [email, at < 0 ? email : email.slice(0, at), name].map(bare);
}

/** Without what is put on to seem another: case, spaces, and digits or signs at the end. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/[^\p{L}]+$/u, '');
}
