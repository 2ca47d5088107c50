import type { AdministrationEvent } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import { changesOf } from './event-words.ts';
import classes from './events.module.css';
import { useFieldName } from './use-event-texts.ts';
import { useEventValue } from './use-event-value.ts';

/** What an act changed: each value as it was and as it is. */
export function EventDiff({ event, subject }: { event: AdministrationEvent; subject: string | null }) {
  const t = useTranslations('administration.events');
  const nameOf = useFieldName();
  const valueOf = useEventValue();
  const changes = changesOf(event, subject);
  if (changes.length === 0) return null;
  return (
    <ul className={classes.diff}>
      {changes.map(({ field, before, after }) => (
        <li key={field}>
          <span className={classes.field}>{nameOf(field)}</span>{' '}
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
