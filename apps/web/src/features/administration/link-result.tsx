import { Textarea, TextInput } from '@mantine/core';
import type { OneTimeLink } from '@meldesync/protocol';
import { useLocale, useTranslations } from 'use-intl';
import { formatMinute } from '../../i18n/format.ts';
import { CopyWords } from './copy-words.tsx';
import classes from './link-result.module.css';

/** A one-time link and a text to send it with, each to copy; both are here and nowhere else. */
export function LinkResult({ link, text }: { link: OneTimeLink; text: string | undefined }) {
  const t = useTranslations('administration.link');
  const locale = useLocale();
  return (
    <div className={classes.result}>
      {text === undefined ? null : <p>{text}</p>}
      <p className={classes.once}>{t('once', { date: formatMinute(link.expiresAt, locale) })}</p>
      <div className={classes.line}>
        <TextInput className={classes.field ?? ''} label={t('url')} value={link.url} readOnly onFocus={selectAll} />
        <CopyWords text={link.url} label={t('copyUrl')} isMain />
      </div>
      <Textarea label={t('mail')} value={link.mailText} rows={11} readOnly />
      <div className={classes.end}>
        <CopyWords text={link.mailText} label={t('copyMail')} />
      </div>
    </div>
  );
}

function selectAll({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void {
  currentTarget.select();
}
