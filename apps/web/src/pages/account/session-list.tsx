import { Button, Skeleton } from '@mantine/core';
import { IconDeviceDesktop, IconKey, IconTerminal2 } from '@tabler/icons-react';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'use-intl';
import { api } from '../../api/api.ts';
import { useSignOut } from '../../features/account/use-sign-out.ts';
import { formatMinute } from '../../i18n/format.ts';
import { showMessage } from '../../ui/messages.tsx';
import { useFocusHeir } from '../../ui/use-focus-heir.ts';
import classes from './account-page.module.css';

/** The heading above them. */
export const SESSIONS_TITLE_ID = 'sessions';

type OwnSession = Awaited<ReturnType<ReturnType<typeof api>['ownSessions']>>[number];

const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => api().ownSessions({ signal }),
});

/** The devices this account is signed in on, the present one first; any can be signed out, or all. */
export function SessionList() {
  const t = useTranslations('account');
  const tSessions = useTranslations('sessions');
  const tShell = useTranslations('shell');
  const { data, isError, refetch } = useQuery(sessionsQuery);
  const end = useEnd();
  const leave = useSignOut();
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
  const hasOthers = data.some(({ isCurrent }) => !isCurrent);
  return (
    <>
      <ul className={classes.sessions}>
        {data.map((session) => (
          <Session key={session.id} session={session} onEnd={() => void end.one(session.id)} />
        ))}
      </ul>
      <div className={classes.sessionButtons}>
        {hasOthers ? <EndOthers onEnd={() => void end.others()} /> : null}
        <Button
          variant="default"
          onClick={() => void end.others().then((hasEnded) => (hasEnded ? leave() : undefined))}
        >
          {tSessions('endAll')}
        </Button>
      </div>
    </>
  );
}

function EndOthers({ onEnd }: { readonly onEnd: () => void }) {
  const t = useTranslations('sessions');
  const heir = useFocusHeir(title, false);
  return (
    <Button variant="default" onClick={onEnd} {...heir}>
      {t('endOthers')}
    </Button>
  );
}

/** Where the focus goes from what has ended: beside it stand buttons that end more. */
function title(): HTMLElement | null {
  return document.getElementById(SESSIONS_TITLE_ID);
}

/** Ends sessions and says what became of it. */
function useEnd() {
  const t = useTranslations('account');
  const tSessions = useTranslations('sessions');
  const queryClient = useQueryClient();
  const run = async (work: () => Promise<string>, failed: string): Promise<boolean> => {
    try {
      showMessage({ message: await work() });
      return true;
    } catch (error) {
      console.warn('The session could not be ended:', error);
      showMessage({ color: 'red', message: failed });
      return false;
    } finally {
      await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    }
  };
  return {
    one: (session: string) =>
      run(async () => {
        await api().endOwnSession(session);
        return t('revoked');
      }, t('revokeFailed')),
    others: () =>
      run(async () => tSessions('endedOthers', { count: await api().endOwnSessions() }), tSessions('endFailed')),
  };
}

const ICONS = { browser: IconDeviceDesktop, terminal: IconTerminal2, service: IconKey } as const;

function Session({ session, onEnd }: { readonly session: OwnSession; readonly onEnd: () => void }) {
  const t = useTranslations('account');
  const tSessions = useTranslations('sessions');
  const locale = useLocale();
  const device = useDeviceText(session);
  const heir = useFocusHeir(title, false);
  const Icon = ICONS[session.kind];
  const details = [
    t('sessionSince', { date: formatMinute(session.createdAt, locale) }),
    tSessions('lastInput', { date: formatMinute(session.lastInputAt, locale) }),
    session.address,
    session.isShared ? tSessions('shared') : null,
  ].filter((detail) => detail !== null && detail !== '');
  return (
    <li className={classes.session} {...heir}>
      <Icon size={20} stroke={1.6} aria-hidden="true" />
      <span className={classes.device}>
        <strong>{device}</strong>
        {session.isCurrent ? <span className={classes.current}>{t('sessionCurrent')}</span> : null}
        <span className={classes.text}>{details.join(' · ')}</span>
      </span>
      {session.isCurrent ? null : (
        <Button variant="default" aria-label={t('revokeLabel', { device })} onClick={onEnd}>
          {t('revoke')}
        </Button>
      )}
    </li>
  );
}

/** What the person recognises the device by. */
function useDeviceText({ kind, program, system }: OwnSession): string {
  const t = useTranslations('account');
  const tSessions = useTranslations('sessions');
  if (program !== null && system !== null) return tSessions('browserOn', { program, system });
  return program ?? (kind === 'terminal' ? tSessions('terminal') : t('sessionUnknown'));
}
