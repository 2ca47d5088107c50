import { describeError } from '@meldesync/protocol';
import { useLocale, useTranslations } from 'use-intl';
import { ManualBanner } from '../features/offline/manual-banner.tsx';
import { RefreshButton } from '../features/offline/refresh-button.tsx';
import { formatOwnAsOf, minutesSince } from '../i18n/format.ts';
import { useSync } from '../sync/sync-context.tsx';
import { useConnection, useLastingElsewhere, usePendingCount, useUnreadableCount } from '../sync/use-connection.ts';
import { Banner, BannerButton } from '../ui/banner.tsx';
import { isAgeTold } from './connection-view.ts';
import { useConnectionView } from './use-connection-view.ts';
import { useToldOnce } from './use-told-once.ts';

/** How long the page says that changes come gathered; after that the pill says it alone. */
const SLOW_BANNER_MS = 10_000;

/** Stands above the page while the data may be old, and says what happens to unsent edits (R4.3); and while some are missing (P45). */
export function ConnectionBanner({ onSignIn }: { onSignIn: () => void }) {
  const t = useTranslations('connection');
  const tOffline = useTranslations('offline');
  const locale = useLocale();
  const { client } = useSync();
  const state = useConnection();
  const pending = usePendingCount();
  const unreadable = useUnreadableCount();
  const elsewhere = useLastingElsewhere();
  const { view, now } = useConnectionView();
  const unsent = pending > 0 ? ` ${t('bannerPending', { count: pending })}` : '';
  const { currentAt } = client;
  const isSlowTold = useToldOnce(view.kind === 'slow', SLOW_BANNER_MS);

  switch (view.kind) {
    case 'reconnecting': {
      if (!isAgeTold(view.since, currentAt, now)) return null;
      const isTrying = view.seconds === 0;
      const text =
        currentAt === null
          ? t('bannerNever')
          : t('bannerReconnecting', {
              time: formatOwnAsOf(currentAt, now, locale),
              minutes: minutesSince(currentAt, now),
            });
      return (
        <Banner
          action={
            <>
              <RefreshButton />
              <BannerButton onClick={() => client.reconnectNow()} isBusy={isTrying}>
                {isTrying ? tOffline('retrying') : t('reconnect')}
              </BannerButton>
            </>
          }
        >
          {text + unsent}
        </Banner>
      );
    }
    case 'slow':
      return isSlowTold ? null : <Banner>{t('announce.slow')}</Banner>;
    case 'manual':
      return state.name === 'manual' ? <ManualBanner state={state} now={now} /> : null;
    case 'offline': {
      if (pending === 0)
        return (
          <Banner>
            {currentAt === null
              ? t('bannerNever')
              : t('bannerOffline', { time: formatOwnAsOf(currentAt, now, locale) })}
          </Banner>
        );
      const age =
        currentAt === null ? '' : ` ${tOffline('offlineSince', { time: formatOwnAsOf(currentAt, now, locale) })}`;
      return <Banner>{tOffline('offlinePending', { count: pending }) + age}</Banner>;
    }
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
      if (unreadable > 0) return <Banner>{t('bannerUnreadable', { count: unreadable })}</Banner>;
      return elsewhere === 0 ? null : <Banner>{tOffline('waitElsewhere', { count: elsewhere })}</Banner>;
  }
}
