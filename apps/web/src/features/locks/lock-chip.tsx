import type { LiveLock } from '@meldesync/client';
import { IconBellFilled } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { Avatar } from '../../people/avatar.tsx';
import { usePeople } from '../../people/use-people.tsx';
import { LockClock } from './lock-clock.tsx';
import classes from './locks.module.css';
import { useLockDesk } from './locks-context.ts';

interface LockChipProps {
  readonly lock: LiveLock;
  readonly isMine: boolean;
}

/** In the row of a case: who edits it and since when, or how soon it is free. */
export function LockChip({ lock, isMine }: LockChipProps) {
  const t = useTranslations('locks');
  const { watch } = useLockDesk();
  const isWished = useSyncExternalStore(watch.subscribe, () => watch.has(lock.records));
  const person = usePeople().ofUser(lock.user);
  const sentence = isMine ? t('editingElsewhere') : t('editing', { name: person.name });
  const words = isMine ? t('chipElsewhere') : lock.endsAt === null ? t('chipSince') : t('chipEnding');
  return (
    <span className={classes.chip} data-tip={isWished ? `${sentence} ${t('notifying')}.` : sentence} data-tip-on-focus>
      <span className="visually-hidden">{sentence}</span>
      <span className={classes.chipShown} aria-hidden="true">
        <Avatar person={person} size={18} /> <span className={classes.chipWords}>{words} </span>
        <span className={classes.clock}>
          <LockClock lock={lock} />
        </span>
        {isWished ? <IconBellFilled size={12} /> : null}
      </span>
    </span>
  );
}
