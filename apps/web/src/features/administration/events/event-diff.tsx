import { changesOf } from '@meldesync/client';
import { type AdministrationEvent, eventFieldName } from '@meldesync/protocol';
import { useLocale, useTranslations } from 'use-intl';
import { EmailAddress } from '../../../ui/email-address.tsx';
import classes from './events.module.css';
import { useEventValue } from './use-event-value.ts';

/** What an act changed: each value as it was and as it is. */
export function EventDiff({ event, subject }: { event: AdministrationEvent; subject: string | null }) {
  const t = useTranslations('administration.events');
  const locale = useLocale();
  const wordsOf = useEventValue();
  const valueOf = (field: string, value: unknown) => <EmailAddress address={wordsOf(field, value)} />;
  const changes = changesOf(event, subject);
  if (changes.length === 0) return null;
  return (
    <ul className={classes.diff}>
      {changes.map(({ field, before, after }) => (
        <li key={field}>
          <span className={classes.field}>{eventFieldName(field, locale)}</span>{' '}
          {before === undefined ? null : <del className={classes.before}>{valueOf(field, before)}</del>}
          {before === undefined || after === undefined ? null : (
            <>
              <span aria-hidden="true"> → </span>
              <span className="visually-hidden"> {t('became')} </span>
            </>
          )}
          {after === undefined ? null : <ins className={classes.after}>{valueOf(field, after)}</ins>}
        </li>
      ))}
    </ul>
  );
}
