import type { ConnectionState } from '@meldesync/client';
import { useLocale, useTranslations } from 'use-intl';
import { formatOwnAsOf, minutesSince } from '../../i18n/format.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { usePendingCount } from '../../sync/use-connection.ts';
import { Banner, BannerButton } from '../../ui/banner.tsx';
import { RefreshButton } from './refresh-button.tsx';

interface ManualBannerProps {
  readonly state: Extract<ConnectionState, { name: 'manual' }>;
  readonly now: number;
}

/** Says that the page is kept current by hand, how old it is, and what can be done (R4.3). */
export function ManualBanner({ state, now }: ManualBannerProps) {
  const t = useTranslations('offline');
  const locale = useLocale();
  const { client } = useSync();
  const pending = usePendingCount();
  const { currentAt } = client;
  const isTrying = state.retryAt <= now;
  const isConnected = state.isConnected ?? false;
  const age =
    currentAt === null
      ? t('manualNever')
      : t(isConnected ? 'staleBanner' : 'manualBanner', {
          time: formatOwnAsOf(currentAt, now, locale),
          minutes: minutesSince(currentAt, now),
        });
  // A promise that edits are saved would be false where Postgres is what is silent: what waits is told of instead.
  const goOn = isConnected ? t('staleGoOn') : '';
  const ownEdits = pending > 0 ? t('manualPending', { count: pending }) : goOn;
  return (
    <Banner
      action={
        <>
          <RefreshButton />
          {isConnected ? null : (
            <BannerButton onClick={() => client.reconnectNow()} isBusy={isTrying}>
              {isTrying ? t('retrying') : t('retry')}
            </BannerButton>
          )}
        </>
      }
    >
      {`${age} ${ownEdits}`.trimEnd()}
    </Banner>
  );
}
