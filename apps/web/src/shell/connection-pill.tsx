import {
  IconCircleDashed,
  IconCircleFilled,
  IconCircleHalf2,
  IconCloudOff,
  IconLoader,
  IconLockExclamation,
  IconPlayerPauseFilled,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import { lazy, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { MenuButton } from '../ui/menu-button.tsx';
import classes from './connection-pill.module.css';
import type { ConnectionView } from './connection-view.ts';
import { useConnectionView } from './use-connection-view.ts';

const load = async () => ({ default: (await import('./connection-details.tsx')).ConnectionDetails });
const ConnectionDetails = lazy(load);

const ICONS: Record<ConnectionView['kind'], ReactNode> = {
  live: <IconCircleFilled size={8} />,
  slow: <IconCircleHalf2 size={14} />,
  connecting: <IconLoader size={14} />,
  loading: <IconLoader size={14} />,
  reconnecting: <IconCircleDashed size={14} />,
  manual: <IconPlayerPauseFilled size={12} />,
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
      <MenuButton
        className={`${classes.pill} ${classes[view.kind] ?? ''}`}
        kind="dialog"
        label={t('details')}
        content={ConnectionDetails}
        preload={load}
      >
        <span className={classes.icon}>{ICONS[view.kind]}</span>
        <span className="visually-hidden">{t('label')}</span>
        <span>{text}</span>
      </MenuButton>
      <ConnectionAnnouncer kind={view.kind} isConnected={view.kind === 'manual' && view.isConnected} />
    </>
  );
}

function usePillText(view: ConnectionView): string {
  const t = useTranslations('connection');
  const tOffline = useTranslations('offline');
  switch (view.kind) {
    case 'live':
      return view.roundTripMs === null ? t('live') : t('liveDetail', { roundTrip: Math.round(view.roundTripMs) });
    case 'slow':
      return t('slow', { seconds: view.everyMs / 1_000 });
    case 'connecting':
      return t('connecting');
    case 'loading':
      return view.share === null ? t('loadingUnknown') : t('loading', { percent: view.share });
    case 'reconnecting':
      return view.seconds > 0 ? t('reconnecting', { seconds: view.seconds }) : t('reconnectingNow');
    case 'manual':
      return tOffline('manual');
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
function ConnectionAnnouncer({ kind, isConnected }: { kind: ConnectionView['kind']; isConnected: boolean }) {
  const t = useTranslations('connection.announce');
  const tOffline = useTranslations('offline');
  const texts: Record<ConnectionView['kind'], string> = {
    live: t('live'),
    slow: t('slow'),
    connecting: '',
    loading: t('loading'),
    reconnecting: t('reconnecting'),
    manual: tOffline(isConnected ? 'announceStale' : 'announceManual'),
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
