import type { PresentPerson } from '@meldesync/protocol';
import { IconChevronRight, IconLock } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useGoToCase } from '../../address/reveal-case.ts';
import { useRowName } from '../../editing/use-row-name.ts';
import { Avatar } from '../../people/avatar.tsx';
import { usePeople } from '../../people/use-people.tsx';
import { useSync } from '../../sync/sync-context.tsx';
import type { MenuContentProps } from '../../ui/menu-button.tsx';
import { OpenPopover } from '../../ui/open-popover.tsx';
import { useCaseLock } from '../locks/use-case-lock.ts';
import classes from './presence.module.css';
import { useOthers } from './use-others.ts';

/** Everyone else who is here, and the case each has open; a click leads there. */
export function PeopleList({ label, onClose }: MenuContentProps) {
  const t = useTranslations('presence');
  const { people, total } = useOthers();
  const more = total - people.length;
  return (
    <OpenPopover label={label} onClose={onClose} width={300} className={classes.list} takesFocus>
      <ul>
        {people.map((person) => (
          <li key={person.user}>
            <PersonLine person={person} onClose={onClose} />
          </li>
        ))}
      </ul>
      {more > 0 ? <p className={classes.rest}>{t('more', { count: more })}</p> : null}
      {total === 0 ? <p className={classes.rest}>{t('alone')}</p> : null}
    </OpenPopover>
  );
}

function PersonLine({ person, onClose }: { person: PresentPerson; onClose: () => void }) {
  const t = useTranslations('presence');
  const { client } = useSync();
  const goTo = useGoToCase();
  const rowName = useRowName();
  const shown = usePeople().ofUser(person.user);
  const record = person.records.map((id) => client.store.get(id)).find((known) => known !== undefined);
  const where = person.kinds
    .filter((kind) => kind !== 'web')
    .map((kind) => (kind === 'cli' || kind === 'api' ? t(`kinds.${kind}`) : kind));
  const words = (
    <>
      <Avatar person={shown} size={26} />
      <span className={classes.who}>
        <span className={classes.name}>{shown.name}</span>
        <span className={classes.where}>
          {[record ? rowName(record) : t('noCase'), ...where].join(' · ')}
          {record ? <EditingSign record={record.id} user={person.user} /> : null}
        </span>
      </span>
    </>
  );
  if (!record) return <div className={classes.person}>{words}</div>;
  const go = (): void => {
    onClose();
    goTo(record.id);
  };
  return (
    <button type="button" className={classes.person} onClick={go}>
      {words}
      <IconChevronRight size={16} className={classes.go} aria-hidden="true" />
      <span className="visually-hidden">{t('go')}</span>
    </button>
  );
}

/** That the person edits the case they have open. */
function EditingSign({ record, user }: { record: number; user: string }) {
  const t = useTranslations('presence');
  const found = useCaseLock([{ id: record }]);
  if (found?.lock.user !== user) return null;
  return (
    <span className={classes.editing}>
      <IconLock size={12} aria-hidden="true" /> {t('editing')}
    </span>
  );
}
