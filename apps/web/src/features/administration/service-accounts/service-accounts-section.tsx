import { Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useClock } from '../../../i18n/use-clock.ts';
import { StatePage } from '../../../ui/state-page.tsx';
import { serviceAccountsQuery } from '../administration-queries.ts';
import { Loaded, SectionHead } from '../section.tsx';
import { NewServiceDialog } from './new-service-dialog.tsx';
import { ServiceCard } from './service-card.tsx';

const TICK_MS = 30_000;

/** The programs of a workspace, with the tokens by which they come in. */
export function ServiceAccountsSection({ workspace }: { workspace: string }) {
  const t = useTranslations('administration.services');
  const tAll = useTranslations('administration');
  const locale = useLocale();
  const now = useClock(TICK_MS);
  const [isCreating, setCreating] = useState(false);
  const query = useQuery(serviceAccountsQuery(workspace));
  return (
    <>
      <SectionHead
        title={tAll('names.service-accounts')}
        count={query.data && t('count', { count: query.data.length })}
      >
        <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
          {t('create')}
        </Button>
      </SectionHead>
      <Loaded query={query}>
        {(accounts) =>
          accounts.length === 0 ? (
            <StatePage heading="h2" icon={<IconKey size={24} />} title={t('emptyTitle')} text={t('emptyText')} />
          ) : (
            accounts
              .toSorted((one, other) => one.member.name.localeCompare(other.member.name, locale))
              .map((account) => (
                <ServiceCard key={account.member.id} workspace={workspace} account={account} now={now} />
              ))
          )
        }
      </Loaded>
      {isCreating ? <NewServiceDialog workspace={workspace} onClose={() => setCreating(false)} /> : null}
    </>
  );
}
