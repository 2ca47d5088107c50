import { Loader } from '@mantine/core';
import { useTranslations } from 'use-intl';
import classes from './loading-page.module.css';

/** While a page or its data are on their way. */
export function LoadingPage() {
  const t = useTranslations('shell');
  return (
    <div className={classes.page} role="status">
      <Loader size="sm" aria-hidden="true" />
      <span className="visually-hidden">{t('loading')}</span>
    </div>
  );
}
