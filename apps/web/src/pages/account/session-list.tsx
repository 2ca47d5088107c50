import { Button, Skeleton } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'use-intl';
import { auth } from '../../api/auth.ts';
import { formatExact } from '../../i18n/format.ts';
import { showMessage } from '../../ui/messages.tsx';
import classes from './account-page.module.css';
import { readUserAgent } from './user-agent.ts';

const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => {
    const [sessions, current] = await Promise.all([auth.listSessions(), auth.getSession()]);
    if (!sessions.data) throw new Error('The sessions cannot be listed', { cause: sessions.error });
    return { sessions: sessions.data, current: current.data?.session.token ?? null };
  },
});

/** The devices this account is signed in on, the present one first; any other can be signed out. */
export function SessionList() {
  const t = useTranslations('account');
  const tShell = useTranslations('shell');
  const locale = useLocale();
  const queryClient = useQueryClient();
  const { data, isError, refetch } = useQuery(sessionsQuery);
  const revoke = async (token: string): Promise<void> => {
    const isRevoked = await endSession(token);
    showMessage(isRevoked ? { message: t('revoked') } : { color: 'red', message: t('revokeFailed') });
    await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  };
  if (isError) {
    return (
      <>
        <p className={classes.text}>{t('sessionsError')}</p>
        <Button mt="xs" variant="default" onClick={() => void refetch()}>
          {tShell('retry')}
        </Button>
      </>
    );
  }
  if (!data) return <Skeleton height={48} mt="sm" aria-hidden="true" />;
  const sorted = data.sessions.toSorted(
    (a, b) =>
      Number(b.token === data.current) - Number(a.token === data.current) || Number(b.createdAt) - Number(a.createdAt),
  );
  return (
    <ul className={classes.sessions}>
      {sorted.map((session) => {
        const { browser, system } = readUserAgent(session.userAgent ?? '');
        const device = browser && system ? t('sessionOn', { browser, system }) : (browser ?? t('sessionUnknown'));
        return (
          <li key={session.id} className={classes.session}>
            <IconDeviceDesktop size={20} stroke={1.6} aria-hidden="true" />
            <span className={classes.device}>
              <strong>{device}</strong>
              {session.token === data.current ? <span className={classes.current}>{t('sessionCurrent')}</span> : null}
              <span className={classes.text}>
                {t('sessionSince', { date: formatExact(new Date(session.createdAt).toISOString(), locale) })}
              </span>
            </span>
            {session.token === data.current ? null : (
              <Button
                variant="default"
                aria-label={t('revokeLabel', { device })}
                onClick={() => void revoke(session.token)}
              >
                {t('revoke')}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Whether the service ended the session; one that cannot be reached did not. */
async function endSession(token: string): Promise<boolean> {
  try {
    return (await auth.revokeSession({ token })).error === null;
  } catch (error) {
    console.warn('The session could not be ended:', error);
    return false;
  }
}
