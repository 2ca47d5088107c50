import type { ClientRecord } from '@meldesync/client';
import { EDITABLE_FIELDS } from '@meldesync/domain';
import { type HistoryEntry, isChangeSource } from '@meldesync/protocol';
import { useLocale, useTranslations } from 'use-intl';
import type { NamedCase } from '../../../editing/named-case.ts';
import { useFieldWords } from '../../../editing/use-field-words.ts';
import { formatExact } from '../../../i18n/format.ts';
import { Avatar } from '../../../people/avatar.tsx';
import { usePeople } from '../../../people/use-people.tsx';
import classes from './case-panel.module.css';
import { RestoreButton } from './restore-button.tsx';

interface HistoryItemProps {
  readonly entry: HistoryEntry;
  /** As it is now. */
  readonly record: ClientRecord;
  readonly subject: NamedCase;
  readonly lockReason: string | null;
}

/** One change of a record: who, when, by what, and each value that it replaced, which can be written anew. */
export function HistoryItem({ entry, record, subject, lockReason }: HistoryItemProps) {
  const t = useTranslations('panel');
  const tEdit = useTranslations('edit');
  const locale = useLocale();
  const inWords = useFieldWords();
  const person = usePeople().ofActor(entry.by);
  const changed = EDITABLE_FIELDS.filter((field) => entry.op === 'update' && entry.after[field] !== undefined);
  return (
    <li className={classes.entry}>
      <Avatar person={person} />
      <div>
        <span className={classes.entryHead}>
          <strong>{person.name}</strong>
          <span className={classes.entryWhen}>
            {formatExact(entry.at, locale)} · {isChangeSource(entry.via) ? t(`via.${entry.via}`) : entry.via}
          </span>
        </span>
        {entry.op === 'insert' ? <span>{t('historyInsert')}</span> : null}
        {entry.op === 'delete' ? <span>{t('historyDelete')}</span> : null}
        {entry.after.ibe !== undefined && entry.op === 'update' ? <span>{t('historyReplaced')}</span> : null}
        {changed.map((field) => {
          const before = entry.before[field];
          const words = inWords(field, before, t('historyEmptyValue'));
          return (
            <span key={field} className={classes.change}>
              <span>
                {tEdit(field)}: <del>{words}</del> →{' '}
                <ins>{inWords(field, entry.after[field], t('historyEmptyValue'))}</ins>
              </span>
              {before === undefined || before === record[field] ? null : (
                <RestoreButton {...{ record, field, subject, lockReason, words }} value={before} />
              )}
            </span>
          );
        })}
      </div>
    </li>
  );
}
