import { describeError } from '@meldesync/protocol';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import { formatTime } from '../../i18n/format.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useConnection, usePendingCount } from '../../sync/use-connection.ts';
import { showMessage } from '../../ui/messages.tsx';
import classes from './connection-banner.module.css';
import { BANNER_AFTER_MS } from './connection-view.ts';
import { useConnectionView } from './use-connection-view.ts';

/** Stands above the page while the data may be old, and says what happens to unsent edits (R4.3). */
export function ConnectionBanner({ onSignIn }: { onSignIn: () => void }) {
  const t = useTranslations('connection');
  const locale = useLocale();
  const { client } = useSync();
  const state = useConnection();
  const pending = usePendingCount();
  const { view, now } = useConnectionView();
  const unsent = pending > 0 ? ` ${t('bannerPending', { count: pending })}` : '';
  const { currentAt } = client;

  switch (view.kind) {
    case 'reconnecting': {
      if (now - view.since < BANNER_AFTER_MS) return null;
      const text =
        currentAt === null
          ? t('bannerNever')
          : t('bannerReconnecting', {
              time: formatTime(currentAt, locale),
              minutes: Math.floor((now - currentAt) / 60_000),
            });
      return (
        <Banner
          action={
            <>
              <RefreshButton />
              <BannerButton onClick={() => client.reconnectNow()}>{t('reconnect')}</BannerButton>
            </>
          }
        >
          {text + unsent}
        </Banner>
      );
    }
    case 'offline':
      return (
        <Banner>
          {(currentAt === null ? t('bannerNever') : t('bannerOffline', { time: formatTime(currentAt, locale) })) +
            unsent}
        </Banner>
      );
    case 'sign-in':
      return (
        <Banner action={<BannerButton onClick={onSignIn}>{t('signInAction')}</BannerButton>}>
          {t('bannerSignIn') + unsent}
        </Banner>
      );
    case 'refused':
      return (
        <Banner action={<BannerButton onClick={() => client.reconnectNow()}>{t('reconnect')}</BannerButton>}>
          {t('bannerRefused', { reason: describeError(state.name === 'refused' ? state.code : 'internal', locale) })}
        </Banner>
      );
    default:
      return null;
  }
}

/** Fetches what was missed over HTTP while there is no live connection. */
function RefreshButton() {
  const t = useTranslations('connection');
  const locale = useLocale();
  const { client } = useSync();
  const [isBusy, setIsBusy] = useState(false);
  const refresh = async (): Promise<void> => {
    setIsBusy(true);
    try {
      await client.refresh();
      showMessage({ message: t('refreshed', { time: formatTime(Date.now(), locale) }) });
    } catch (error) {
      const reason = describeError(errorCodeOf(error), locale);
      showMessage({ color: 'red', message: t('refreshFailed', { reason }) });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <BannerButton onClick={() => void refresh()} isBusy={isBusy}>
      {t('refresh')}
    </BannerButton>
  );
}

function Banner({ children, action }: { children: ReactNode; action?: ReactNode }) {
  const t = useTranslations('connection');
  return (
    <section className={classes.banner} aria-label={t('banner')}>
      <IconAlertTriangle size={16} aria-hidden="true" />
      <span>{children}</span>
      {action}
    </section>
  );
}

interface BannerButtonProps {
  readonly onClick: () => void;
  readonly isBusy?: boolean;
  readonly children: ReactNode;
}

function BannerButton({ onClick, isBusy = false, children }: BannerButtonProps) {
  return (
    <button type="button" className={classes.action} aria-disabled={isBusy} onClick={isBusy ? undefined : onClick}>
      {children}
    </button>
  );
}
