import { Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useClock } from '../../../i18n/use-clock.ts';
import { accountsQuery } from '../administration-queries.ts';
import { matching } from '../member-state.ts';
import { Loaded, SectionHead } from '../section.tsx';
import classes from '../table.module.css';
import { Table } from '../table.tsx';
import { AccountRow } from './account-row.tsx';
import { NewAccountDialog } from './new-account-dialog.tsx';

const TICK_MS = 30_000;

/** All accounts of the installation. */
export function AccountsSection({ user }: { user: string }) {
  const t = useTranslations('administration');
  const locale = useLocale();
  const now = useClock(TICK_MS);
  const [text, setText] = useState('');
  const [isCreating, setCreating] = useState(false);
  const query = useQuery(accountsQuery);
  return (
    <>
      <SectionHead
        title={t('names.accounts')}
        count={query.data && t('accounts.count', { count: query.data.length })}
        search={{ label: t('search'), text, onChange: setText }}
      >
        <Button leftSection={<IconUserPlus size={15} />} onClick={() => setCreating(true)}>
          {t('accounts.create')}
        </Button>
      </SectionHead>
      <Loaded query={query}>
        {(accounts) => {
          const shown = matching(accounts, text, locale);
          return (
            <>
              <Table
                label={t('names.accounts')}
                columns={[
                  { label: t('name') },
                  { label: t('accounts.workspaces'), width: '26%', isWide: true },
                  { label: t('accounts.signIn'), width: '160px', isWide: true },
                  { label: t('state'), width: '116px', isWide: true },
                  { label: t('lastSeen'), width: '124px', isWide: true },
                ]}
                actions={{ label: t('actions'), width: '44px' }}
                minWidth={940}
              >
                {shown.map((account) => (
                  <AccountRow key={account.id} account={account} isOwn={account.id === user} now={now} />
                ))}
              </Table>
              {shown.length === 0 && text !== '' ? <p className={classes.none}>{t('noMatch', { text })}</p> : null}
            </>
          );
        }}
      </Loaded>
      {isCreating ? <NewAccountDialog onClose={() => setCreating(false)} /> : null}
    </>
  );
}
