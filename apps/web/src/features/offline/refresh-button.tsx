import { describeError } from '@meldesync/protocol';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import { formatTime } from '../../i18n/format.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { serverNow } from '../../time/page-time.ts';
import { BannerButton } from '../../ui/banner.tsx';
import { showMessage } from '../../ui/messages.tsx';

/** Fetches what was missed over HTTP while there is no live connection. */
export function RefreshButton() {
  const t = useTranslations('connection');
  const locale = useLocale();
  const { client } = useSync();
  const [isBusy, setIsBusy] = useState(false);
  const refresh = async (): Promise<void> => {
    setIsBusy(true);
    try {
      await client.refresh();
      showMessage({ message: t('refreshed', { time: formatTime(serverNow(), locale) }) });
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
