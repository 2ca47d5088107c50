import { conflictRows } from '@meldesync/client';
import { isEditable } from '@meldesync/domain';
import type { StoredConflict } from '@meldesync/protocol';
import { IconCircleCheck, IconClock } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'use-intl';
import { formatExact } from '../../../i18n/format.ts';
import { Avatar } from '../../../people/avatar.tsx';
import { usePeople } from '../../../people/use-people.tsx';
import { useFieldTexts } from '../value-text.ts';
import classes from './conflict-story.module.css';

/** A conflict as it is kept (R5.2): what was seen, what stood in its way, what was wanted, and how it ended. */
export function ConflictStory({ conflict }: { conflict: StoredConflict }) {
  const t = useTranslations('conflicts');
  const tStory = useTranslations('conflicts.story');
  const locale = useLocale();
  const people = usePeople();
  const { nameOf } = useFieldTexts();
  const person = people.ofActor(conflict.by);
  const rows = conflictRows(conflict.fields).filter(({ overlaps, isAttempted }) => overlaps || isAttempted);
  return (
    <>
      <p className={classes.head}>
        <Avatar person={person} />
        <strong>{person.name}</strong>
        <span className={classes.when}>{formatExact(conflict.at, locale)}</span>
      </p>
      <dl className={classes.fields}>
        {rows.map((row) => (
          <div key={row.field}>
            <dt>{nameOf(row.field)}</dt>
            <dd>
              <Side name={t('base')} field={row.field} value={row.base} />
              <Side
                name={row.by === null ? tStory('stood') : tStory('stoodBy', { name: people.ofActor(row.by).name })}
                field={row.field}
                value={row.current}
              />
              <Side name={tStory('wanted')} field={row.field} value={row.attempted} />
            </dd>
          </div>
        ))}
      </dl>
      <Outcome resolved={conflict.resolved} />
    </>
  );
}

interface SideProps {
  readonly name: string;
  readonly field: StoredConflict['fields'][number]['field'];
  readonly value: StoredConflict['fields'][number]['base'];
}

function Side({ name, field, value }: SideProps) {
  const t = useTranslations('conflicts');
  const { valueOf } = useFieldTexts();
  return (
    <span className={classes.side}>
      <span className={classes.sideName}>{name}</span>
      {value === null || !isEditable(field) ? (
        <span className={classes.none}>{value === null ? t('empty') : t('ibe')}</span>
      ) : (
        <span className={classes.value}>{valueOf(field, value)}</span>
      )}
    </span>
  );
}

/** How it ended, by whom and when. */
function Outcome({ resolved }: Pick<StoredConflict, 'resolved'>) {
  const t = useTranslations('conflicts.story');
  const locale = useLocale();
  const people = usePeople();
  if (!resolved)
    return (
      <p className={classes.outcome} data-state="open">
        <IconClock size={15} aria-hidden="true" />
        {t('open')}
      </p>
    );
  return (
    <p className={classes.outcome}>
      <IconCircleCheck size={15} aria-hidden="true" />
      <span>
        <span className={classes.how}>{t(`ended.${resolved.resolution}`)}</span>{' '}
        <span className={classes.when}>
          {people.ofActor(resolved.by).name} · {formatExact(resolved.at, locale)}
        </span>
      </span>
    </p>
  );
}
