import { Button, Popover } from '@mantine/core';
import {
  IconCircleDashed,
  IconCircleFilled,
  IconCloudOff,
  IconLoader,
  IconLockExclamation,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { formatTime } from '../../i18n/format.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useConnection, usePendingCount } from '../../sync/use-connection.ts';
import classes from './connection-pill.module.css';
import type { ConnectionView } from './connection-view.ts';
import { useConnectionView } from './use-connection-view.ts';

const ICONS: Record<ConnectionView['kind'], ReactNode> = {
  live: <IconCircleFilled size={8} />,
  connecting: <IconLoader size={14} />,
  loading: <IconLoader size={14} />,
  reconnecting: <IconCircleDashed size={14} />,
  offline: <IconCloudOff size={14} />,
  'sign-in': <IconLockExclamation size={14} />,
  refused: <IconPlugConnectedX size={14} />,
  stopped: <IconPlugConnectedX size={14} />,
};

/** Says at any time how current the page is; opens to the details. */
export function ConnectionPill() {
  const t = useTranslations('connection');
  const { view } = useConnectionView();
  const text = usePillText(view);
  return (
    <>
      <Popover position="bottom-end" shadow="md" width={260} trapFocus returnFocus>
        <Popover.Target>
          <button type="button" className={classes.pill} data-kind={view.kind}>
            <span className={classes.icon}>{ICONS[view.kind]}</span>
            <span className="visually-hidden">{t('label')}</span>
            <span>{text}</span>
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('details')}>
          <ConnectionDetails />
        </Popover.Dropdown>
      </Popover>
      <ConnectionAnnouncer kind={view.kind} />
    </>
  );
}

function usePillText(view: ConnectionView): string {
  const t = useTranslations('connection');
  switch (view.kind) {
    case 'live':
      return view.roundTripMs === null ? t('live') : t('liveDetail', { roundTrip: Math.round(view.roundTripMs) });
    case 'connecting':
      return t('connecting');
    case 'loading':
      return view.share === null ? t('loadingUnknown') : t('loading', { percent: view.share });
    case 'reconnecting':
      return view.seconds > 0 ? t('reconnecting', { seconds: view.seconds }) : t('reconnectingNow');
    case 'offline':
      return t('offline');
    case 'sign-in':
      return t('signIn');
    case 'refused':
      return t('refused');
    case 'stopped':
      return t('stopped');
  }
}

/** Tells a screen reader when the kind changes, not each second of a countdown. */
function ConnectionAnnouncer({ kind }: { kind: ConnectionView['kind'] }) {
  const t = useTranslations('connection.announce');
  const texts: Record<ConnectionView['kind'], string> = {
    live: t('live'),
    connecting: '',
    loading: t('loading'),
    reconnecting: t('reconnecting'),
    offline: t('offline'),
    'sign-in': t('signIn'),
    refused: t('refused'),
    stopped: '',
  };
  return (
    <span role="status" className="visually-hidden">
      {texts[kind]}
    </span>
  );
}

function ConnectionDetails() {
  const t = useTranslations('connection');
  const locale = useLocale();
  const { client } = useSync();
  const state = useConnection();
  const pending = usePendingCount();
  const isCurrent = state.name === 'live';
  const rows: [string, string][] = [
    [t('asOf'), isCurrent ? t('asOfNow') : client.currentAt === null ? '–' : formatTime(client.currentAt, locale)],
    [t('roundTrip'), isCurrent && state.roundTripMs !== null ? `${Math.round(state.roundTripMs)} ms` : '–'],
    [t('node'), client.session?.node ?? '–'],
    [t('records'), client.store.size.toLocaleString(locale)],
  ];
  if (state.name === 'reconnecting') rows.push([t('attempt'), String(state.attempt)]);
  if (pending > 0) rows.push([t('pending'), String(pending)]);
  return (
    <>
      <dl className={classes.details}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {isCurrent ? null : (
        <Button fullWidth mt="sm" variant="default" onClick={() => client.reconnectNow()}>
          {t('reconnect')}
        </Button>
      )}
    </>
  );
}
