import { lazy, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { MenuButton } from '../../ui/menu-button.tsx';
import { TipLayer } from '../../ui/tip-layer.tsx';
import { AvatarStack } from './avatar-stack.tsx';
import classes from './presence.module.css';
import { useNames } from './use-names.ts';
import { useOthers } from './use-others.ts';

const load = async () => ({ default: (await import('./people-list.tsx')).PeopleList });
const PeopleList = lazy(load);

/** Avatars in the header. */
const SHOWN = 3;
/** Names in the tip. */
const NAMED = 8;

/** Who else is here; opens to the list of them. Nothing while the person is alone. */
export function HeaderPeople() {
  const t = useTranslations('presence');
  const { people, total } = useOthers();
  const tipRef = useRef<HTMLSpanElement>(null);
  const users = people.map(({ user }) => user);
  const names = useNames(users.slice(0, NAMED));
  const rest = total - Math.min(NAMED, users.length);
  const label = rest > 0 ? t('alsoHereMore', { names, count: rest }) : t('alsoHere', { names });
  return (
    <span ref={tipRef} className={classes.header}>
      {total === 0 ? null : (
        <MenuButton
          className={classes.button}
          kind="dialog"
          label={t('listLabel')}
          tip={label}
          content={PeopleList}
          preload={load}
        >
          <AvatarStack users={users} total={total} limit={SHOWN} size={26} />
          <span className="visually-hidden">{label}</span>
        </MenuButton>
      )}
      <TipLayer within={tipRef} />
    </span>
  );
}
