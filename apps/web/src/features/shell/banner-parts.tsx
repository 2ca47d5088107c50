import { describeError } from '@meldesync/protocol';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import { formatTime } from '../../i18n/format.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { showMessage } from '../../ui/messages.tsx';
import classes from './connection-banner.module.css';

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

/** A note above the page, with what can be done about it. */
export function Banner({ children, action }: { children: ReactNode; action?: ReactNode }) {
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

export function BannerButton({ onClick, isBusy = false, children }: BannerButtonProps) {
  return (
    <button type="button" className={classes.action} aria-disabled={isBusy} onClick={isBusy ? undefined : onClick}>
      {children}
    </button>
  );
}
