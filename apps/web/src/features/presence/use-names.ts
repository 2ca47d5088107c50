import { useLocale } from 'use-intl';
import { usePeople } from '../../people/use-people.tsx';

/** Names of people in a sentence: `Anna Albers, Ben Brandt und Cem Can`. */
export function useNames(users: readonly string[]): string {
  const locale = useLocale();
  const people = usePeople();
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(users.map((user) => people.ofUser(user).name));
}
