import { assignableMembers, type Member } from '@meldesync/protocol';
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
 * The member to whom a person wants to assign something: `me`, an id, a name, or the beginning of a name or of one of its words if that
 * is just one person. Throws `assigneeUnknown`, `assigneeAmbiguous`, or `assigneeNotEditing` for who may not edit now.
 */
export function findMember(members: readonly Member[], wanted: string, me: string): string {
  if (wanted === 'me') return me;
  const assignable = assignableMembers(members);
  const found = membersNamed(assignable, wanted);
  const [member, ...others] = found;
  if (member === undefined) {
    const [barred] = membersNamed(members, wanted);
    if (barred) throw new CliError('assigneeNotEditing', { name: barred.name });
    throw new CliError('assigneeUnknown', { name: wanted });
  }
  if (others.length > 0) {
    const candidates = found.map(({ name, id }) => `${name} (${id})`).join(', ');
    throw new CliError('assigneeAmbiguous', { name: wanted, candidates });
  }
  return member.id;
}

/** Whom an id or a name may mean. */
function membersNamed(members: readonly Member[], wanted: string): Member[] {
  const byId = members.filter(({ id }) => id === wanted);
  if (byId.length > 0) return byId;
  const text = wanted.trim().toLocaleLowerCase('de');
  const names = members.map((member) => ({ member, name: member.name.toLocaleLowerCase('de') }));
  const exact = names.filter(({ name }) => name === text);
  const begun = names.filter(({ name }) => name.startsWith(text) || name.includes(` ${text}`));
  return (exact.length > 0 ? exact : begun).map(({ member }) => member);
}
