import { Button, Skeleton } from '@mantine/core';
import type { PasswordOwner } from '@meldesync/domain';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { renewKeys } from '../../../api/device-keys.ts';
import { tellSignedIn } from '../../../api/session-news.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import { CodesRow } from './codes-row.tsx';
import { PasskeyList } from './passkey-list.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import classes from './security.module.css';
import { secondFactorsQuery } from './security-query.ts';

/** What one signs in with: password, one-time codes, passkeys. */
export function SecuritySection({ owner }: { readonly owner: PasswordOwner }) {
  const t = useTranslations('security');
  const tShell = useTranslations('shell');
  const { client, user } = useSync();
  const queryClient = useQueryClient();
  const { data, isError, refetch } = useQuery(secondFactorsQuery);
  const [isChanging, setIsChanging] = useState(false);
  const look = (): Promise<void> => queryClient.invalidateQueries({ queryKey: secondFactorsQuery.queryKey });
  const followSession = async (): Promise<void> => {
    // The session is another: what hangs on it is asked for anew.
    renewKeys(user.id);
    tellSignedIn(user.id);
    client.reconnectNow();
    await Promise.all([look(), queryClient.invalidateQueries({ queryKey: ['sessions'] })]);
  };
  return (
    <>
      <div className={classes.row}>
        <div className={classes.what}>
          <span className={classes.label}>{t('password')}</span>
          <span className={classes.text}>{t('passwordText')}</span>
        </div>
        <Button variant="default" onClick={() => setIsChanging(true)}>
          {t('changePassword')}
        </Button>
      </div>
      {isChanging ? <PasswordDialog owner={owner} onClose={() => setIsChanging(false)} /> : null}
      {data ? (
        <>
          <CodesRow
            hasCodes={data.hasCodes}
            recoveryCodesLeft={data.recoveryCodesLeft}
            onChanged={followSession}
            onRenewed={look}
          />
          <PasskeyList passkeys={data.passkeys} onChanged={look} />
        </>
      ) : isError ? (
        <div className={classes.row}>
          <span className={classes.text}>{t('unread')}</span>
          <Button variant="default" onClick={() => void refetch()}>
            {tShell('retry')}
          </Button>
        </div>
      ) : (
        <Skeleton height={48} mt="sm" aria-hidden="true" />
      )}
    </>
  );
}
