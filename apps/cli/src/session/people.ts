import type { Member } from '@meldesync/protocol';
import { CliError } from '../errors.ts';
import type { Translate } from '../messages/translator.ts';

/** The members of a workspace, by whose ids records and changes name who did what. */
export interface People {
  /** The name of a user id; undefined for who is not, or no longer, a member. */
  readonly nameOf: (userId: string) => string | undefined;
  /** Who made a change, in words: `user:<id>`, `import:<id>` or `db:<role>` (R5.1). */
  readonly describe: (by: string) => string;
}

export function createPeople(members: readonly Member[], t: Translate): People {
  const names = new Map(members.map((member) => [member.id, member.name]));
  return {
    nameOf: (userId) => names.get(userId),
    describe: (by) => {
      const colon = by.indexOf(':');
      const id = by.slice(colon + 1);
      if (by.startsWith('import:')) return t('common.byImport');
      if (by.startsWith('db:')) return t('common.byDatabase', { role: id });
      return names.get(id) ?? t('common.unknownPerson');
    },
  };
}

/** A member in a list: the name, and a mark for oneself. */
export function describeMember(user: string, me: string, people: People, t: Translate): string {
  const name = people.nameOf(user) ?? t('common.unknownPerson');
  return user === me ? t('common.yourself', { name }) : name;
}

/**
 * The member that a person means: `me`, an id, a name, or the beginning of a name or of one of its words if that is
 * just one person. Throws `assigneeUnknown` or `assigneeAmbiguous`.
 */
export function findMember(members: readonly Member[], wanted: string, me: string): string {
  if (wanted === 'me') return me;
  if (members.some((member) => member.id === wanted)) return wanted;
  const text = wanted.trim().toLocaleLowerCase('de');
  const names = members.map((member) => ({ member, name: member.name.toLocaleLowerCase('de') }));
  const exact = names.filter(({ name }) => name === text);
  const begun = names.filter(({ name }) => name.startsWith(text) || name.includes(` ${text}`));
  const found = (exact.length > 0 ? exact : begun).map(({ member }) => member);
  const [member, ...others] = found;
  if (member === undefined) throw new CliError('assigneeUnknown', { name: wanted });
  if (others.length > 0) {
    const candidates = found.map(({ name, id }) => `${name} (${id})`).join(', ');
    throw new CliError('assigneeAmbiguous', { name: wanted, candidates });
  }
  return member.id;
}
