import { Button, Switch } from '@mantine/core';
import { IconFileSpreadsheet, IconMailPlus, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useClock } from '../../../i18n/use-clock.ts';
import { StatePage } from '../../../ui/state-page.tsx';
import { WhenLoaded } from '../../../ui/when-loaded.tsx';
import { administeredMembersQuery, invitationsQuery } from '../administration-queries.ts';
import { Loaded, SectionHead } from '../section.tsx';
import { Table } from '../table.tsx';
import { InvitationRow } from './invitation-row.tsx';
import classes from './invitations.module.css';
import { InviteDialog } from './invite-dialog.tsx';

const TICK_MS = 30_000;

// What reads CSV is as much code as all the rest of Verwaltung.
const loadCsv = async () => ({ default: (await import('./csv-dialog.tsx')).CsvDialog });
const CsvDialog = lazy(loadCsv);

interface InvitationsSectionProps {
  readonly workspace: { readonly id: string; readonly name: string };
  /** Opened to invite somebody right away. */
  readonly isInviting: boolean;
  readonly onInviting: (isInviting: boolean) => void;
  /** The installation has just been set up. */
  readonly isFirst: boolean;
}

/** Who has been invited to a workspace, and how to invite more. Long because it names each column and each state of its list. */
export function InvitationsSection({ workspace, isInviting, onInviting, isFirst }: InvitationsSectionProps) {
  const t = useTranslations('administration.invitations');
  const tAll = useTranslations('administration');
  const now = useClock(TICK_MS);
  const [showsAll, setShowsAll] = useState(false);
  const [isCsvOpen, setCsvOpen] = useState(false);
  const query = useQuery(invitationsQuery(workspace.id));
  const members = useQuery(administeredMembersQuery(workspace.id));
  const nameOf = new Map(members.data?.map(({ id, name }) => [id, name]));
  const open = query.data?.filter(({ state }) => state === 'open');
  const hasPast = query.data?.some(({ state }) => state === 'accepted' || state === 'revoked') ?? false;
  return (
    <>
      <SectionHead title={tAll('names.invitations')} count={open && t('open', { count: open.length })}>
        {hasPast ? (
          <Switch
            size="xs"
            label={t('showAll')}
            checked={showsAll}
            onChange={(event) => setShowsAll(event.currentTarget.checked)}
          />
        ) : null}
        <Button variant="default" leftSection={<IconFileSpreadsheet size={15} />} onClick={() => setCsvOpen(true)}>
          {t('csv')}
        </Button>
        <Button leftSection={<IconUserPlus size={15} />} onClick={() => onInviting(true)}>
          {t('invite')}
        </Button>
      </SectionHead>
      {isFirst ? (
        <section className={classes.first} aria-labelledby="first-invitations">
          <h2 id="first-invitations" className={classes.firstTitle}>
            {t('firstTitle')}
          </h2>
          <p>{t('firstText')}</p>
        </section>
      ) : null}
      <Loaded query={query}>
        {(invitations) => {
          const shown = invitations.filter(({ state }) => showsAll || state === 'open' || state === 'expired');
          if (shown.length === 0)
            return (
              <StatePage
                heading="h2"
                icon={<IconMailPlus size={24} />}
                title={hasPast ? t('open', { count: 0 }) : t('emptyTitle')}
                text={t('emptyText')}
              />
            );
          return (
            <Table
              label={tAll('names.invitations')}
              columns={[
                { label: tAll('email') },
                { label: tAll('role'), width: '100px', isWide: true },
                { label: tAll('state'), width: '128px', isWide: true },
                { label: t('invited'), width: '140px', isWide: true },
                { label: t('expires'), width: '120px', isWide: true },
                { label: t('memberUntil'), width: '104px', isWide: true },
              ]}
              actions={{ label: tAll('actions'), width: '212px', narrow: '116px' }}
              minWidth={980}
            >
              {shown.map((invitation) => (
                <InvitationRow
                  key={invitation.id}
                  workspace={workspace.id}
                  invitation={invitation}
                  inviter={invitation.createdBy === null ? null : (nameOf.get(invitation.createdBy) ?? null)}
                  now={now}
                />
              ))}
            </Table>
          );
        }}
      </Loaded>
      {isInviting ? <InviteDialog workspace={workspace} onClose={() => onInviting(false)} /> : null}
      {isCsvOpen ? (
        <WhenLoaded load={loadCsv} onFailed={() => setCsvOpen(false)}>
          <CsvDialog workspace={workspace} onClose={() => setCsvOpen(false)} />
        </WhenLoaded>
      ) : null}
    </>
  );
}
