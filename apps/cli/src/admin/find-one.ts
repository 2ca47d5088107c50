import { CliError } from '../errors.ts';

/** What can be named on the command line. */
export interface Named {
  readonly id: string;
  readonly name: string | null;
  readonly email?: string | undefined;
}

/**
 * The one that a person means, by id, e-mail address or name; capitals do not matter. Throws `subjectUnknown`, or `subjectAmbiguous`
 * with all that may be meant.
 */
export function findOne<Item extends Named>(items: readonly Item[], wanted: string): Item {
  const byId = items.find(({ id }) => id === wanted || id === wanted.toLowerCase());
  if (byId) return byId;
  const byEmail = items.filter(({ email }) => email !== undefined && isSame(email, wanted));
  const found = byEmail.length > 0 ? byEmail : items.filter(({ name }) => name !== null && isSame(name, wanted));
  const [one, ...others] = found;
  if (one === undefined) throw new CliError('subjectUnknown', { name: wanted });
  if (others.length > 0)
    throw new CliError('subjectAmbiguous', { name: wanted, candidates: found.map(describe).join(', ') });
  return one;
}

function describe({ id, name, email }: Named): string {
  return email === undefined ? `${name ?? ''} (${id})` : `${name ?? email} (${email}, ${id})`;
}

function isSame(one: string, other: string): boolean {
  return one.trim().localeCompare(other.trim(), 'de', { sensitivity: 'accent' }) === 0;
}
