import { Button } from '@mantine/core';
import { IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useClock } from '../../../i18n/use-clock.ts';
import { StatePage } from '../../../ui/state-page.tsx';
import { administeredMembersQuery } from '../administration-queries.ts';
import { matching } from '../member-state.ts';
import { Loaded, SectionHead } from '../section.tsx';
import classes from '../table.module.css';
import { Table } from '../table.tsx';
import { AddMemberDialog } from './add-member-dialog.tsx';
import { MemberRow } from './member-row.tsx';

/** How often what depends on the time of day is looked at again. */
const TICK_MS = 30_000;

interface MembersSectionProps {
  readonly workspace: { readonly id: string; readonly name: string };
  /** The person who administers. */
  readonly user: string;
  /** Those who administer the installation may take in anybody who has an account. */
  readonly mayAdd: boolean;
  readonly onInvite: () => void;
}

/** Who belongs to a workspace, and what they may do. */
export function MembersSection({ workspace, user, mayAdd, onInvite }: MembersSectionProps) {
  const t = useTranslations('administration');
  const locale = useLocale();
  const now = useClock(TICK_MS);
  const [text, setText] = useState('');
  const [isAdding, setAdding] = useState(false);
  const query = useQuery(administeredMembersQuery(workspace.id));
  const people = query.data?.filter(({ kind }) => kind === 'person');
  return (
    <>
      <SectionHead
        title={t('names.members')}
        count={people && t('members.count', { count: people.length })}
        search={{ label: t('search'), text, onChange: setText }}
      >
        {mayAdd ? (
          <Button variant="default" onClick={() => setAdding(true)}>
            {t('members.add')}
          </Button>
        ) : null}
        <Button leftSection={<IconUserPlus size={15} />} onClick={onInvite}>
          {t('members.invite')}
        </Button>
      </SectionHead>
      <Loaded query={query}>
        {(members) => {
          const shown = matching(
            members.filter(({ kind }) => kind === 'person'),
            text,
            locale,
          );
          if (people?.length === 0)
            return (
              <StatePage
                heading="h2"
                icon={<IconUsers size={24} />}
                title={t('members.emptyTitle')}
                text={t(mayAdd ? 'members.emptyTextAdd' : 'members.emptyText')}
              />
            );
          return (
            <>
              <Table
                label={t('names.members')}
                columns={[
                  { label: t('name') },
                  { label: t('role'), width: '144px' },
                  { label: t('until'), width: '112px', isWide: true },
                  { label: t('state'), width: '140px', isWide: true },
                  { label: t('lastSeen'), width: '100px', isWide: true },
                ]}
                actions={{ label: t('actions'), width: '44px' }}
              >
                {shown.map((member) => (
                  <MemberRow
                    key={member.id}
                    workspace={workspace.id}
                    member={member}
                    isOwn={member.id === user}
                    now={now}
                  />
                ))}
              </Table>
              {shown.length === 0 && text !== '' ? <p className={classes.none}>{t('noMatch', { text })}</p> : null}
            </>
          );
        }}
      </Loaded>
      {isAdding ? <AddMemberDialog workspace={workspace} onClose={() => setAdding(false)} /> : null}
    </>
  );
}
