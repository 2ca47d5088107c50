import { assignableMembers, type Member } from '@meldesync/protocol';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { membersQuery } from '../api/queries.ts';
import { useSync } from '../sync/sync-context.tsx';
import { parseActor } from './actor.ts';
import { personColor } from './person-color.ts';

/** Someone or something that changes records, ready to be shown. */
export interface Person {
  readonly name: string;
  readonly color: string;
  /** A person has initials; the database has none. */
  readonly isPerson: boolean;
}

/** Names and colours of a workspace's people. */
export interface People {
  /** To whom records can be assigned (P60). */
  readonly assignable: readonly Member[];
  /** For the id of a user. */
  ofUser(id: string): Person;
  /** For the `by` of a change. */
  ofActor(by: string): Person;
}

const NO_MEMBERS: readonly Member[] = [];
const PeopleContext = createContext<People | null>(null);

/** Knows the people of the workspace, once for all the cells that name one. */
export function PeopleProvider({ children }: { children: ReactNode }) {
  const { workspace } = useSync();
  const t = useTranslations('people');
  const { data: members = NO_MEMBERS } = useQuery(membersQuery(workspace.id));
  const people = useMemo((): People => {
    const names = new Map(members.map((member) => [member.id, member.name]));
    const ofUser = (id: string): Person => ({
      name: names.get(id) ?? t('unknown'),
      color: personColor(id),
      isPerson: true,
    });
    const ofThing = (name: string): Person => ({ name, color: 'var(--person-none)', isPerson: false });
    return {
      assignable: assignableMembers(members),
      ofUser,
      ofActor(by) {
        const actor = parseActor(by);
        if (actor.kind === 'user') return ofUser(actor.id);
        return ofThing(actor.kind === 'database' ? t('database', { role: actor.role }) : t('unknown'));
      },
    };
  }, [members, t]);
  return <PeopleContext value={people}>{children}</PeopleContext>;
}

export function usePeople(): People {
  const people = useContext(PeopleContext);
  if (!people) throw new Error('usePeople is used outside of a PeopleProvider');
  return people;
}

/**
 * People for a choice of who is to have a record, and who has it now, whatever became of them. A membership can be over without
 * anybody's doing: whoever was looked up a while ago is looked up again.
 */
export function useAssignable(current: string | null | undefined): readonly Pick<Member, 'id' | 'name'>[] {
  const { workspace } = useSync();
  useQuery(membersQuery(workspace.id));
  const { assignable, ofUser } = usePeople();
  if (current === null || current === undefined || assignable.some(({ id }) => id === current)) return assignable;
  return [...assignable, { id: current, name: ofUser(current).name }];
}
