import type { AdministrationEvent } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import { Moment } from '../moment.tsx';
import tableClasses from '../table.module.css';
import { EventDiff } from './event-diff.tsx';
import { useKindName } from './use-event-texts.ts';

interface EventRowProps {
  readonly event: AdministrationEvent;
  /** Whom or what it is about. */
  readonly subject: string | null;
  /** Name of the workspace that it was done in. */
  readonly workspace: string | null;
  readonly now: number;
}

/** What somebody did: when, what, to whom, who and from where. */
export function EventRow({ event, subject, workspace, now }: EventRowProps) {
  const t = useTranslations('administration.events');
  const kindName = useKindName();
  const actor = event.actor === 'setup' || event.actor === 'system' ? t(`actors.${event.actor}`) : event.actorName;
  return (
    <tr>
      <td data-wide>
        <Moment at={event.at} now={now} />
      </td>
      <th scope="row">
        <span className={tableClasses.name}>{kindName(event.kind)}</span>
        <span className={tableClasses.narrow}>{subject ?? workspace}</span>
        <span className={tableClasses.narrow}>
          <Moment at={event.at} now={now} /> · {actor ?? t('actors.unknown')}
        </span>
      </th>
      <td data-wide>
        {subject ?? workspace}
        {workspace !== null && subject !== null && subject !== workspace ? (
          <span className={tableClasses.sub}>{workspace}</span>
        ) : null}
      </td>
      <td>
        <EventDiff event={event} subject={subject ?? workspace} />
      </td>
      <td data-wide>
        {actor ?? t('actors.unknown')}
        {event.address === null ? null : (
          <span className={tableClasses.sub}>{t('from', { address: event.address })}</span>
        )}
      </td>
    </tr>
  );
}
