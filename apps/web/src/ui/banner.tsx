import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './banner.module.css';

interface BannerProps {
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** What it is about; the connection without it. */
  readonly label?: string;
}

/** A note above the page, with what can be done about it. */
export function Banner({ children, action, label }: BannerProps) {
  const t = useTranslations('connection');
  return (
    <section className={classes.banner} aria-label={label ?? t('banner')}>
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
