import { type AdministrationEvent, eventActorName, eventKindName } from '@meldesync/protocol';
import { useLocale, useTranslations } from 'use-intl';
import { EmailAddress } from '../../../ui/email-address.tsx';
import { Moment } from '../moment.tsx';
import tableClasses from '../table.module.css';
import { EventDiff } from './event-diff.tsx';

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
  const locale = useLocale();
  const actor = eventActorName(event, locale);
  const about = subject ?? workspace;
  const aboutText = about === null ? null : <EmailAddress address={about} />;
  return (
    <tr>
      <td data-wide>
        <Moment at={event.at} now={now} withTime />
      </td>
      <th scope="row">
        <span className={tableClasses.name}>{eventKindName(event.kind, locale)}</span>
        <span className={tableClasses.narrow}>{aboutText}</span>
        <span className={tableClasses.narrow}>
          <Moment at={event.at} now={now} withTime /> · {actor}
        </span>
      </th>
      <td data-wide>
        {aboutText}
        {workspace !== null && subject !== null && subject !== workspace ? (
          <span className={tableClasses.sub}>{workspace}</span>
        ) : null}
      </td>
      <td>
        <EventDiff event={event} subject={about} />
      </td>
      <td data-wide>
        {actor}
        {event.address === null ? null : (
          <span className={tableClasses.sub}>{t('from', { address: event.address })}</span>
        )}
      </td>
    </tr>
  );
}
