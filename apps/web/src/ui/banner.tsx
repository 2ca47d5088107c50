import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './banner.module.css';

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
