import { lazy } from 'react';
import { useTranslations } from 'use-intl';
import { Avatar } from '../people/avatar.tsx';
import { personColor } from '../people/person-color.ts';
import { useSync } from '../sync/sync-context.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import classes from './account-menu.module.css';

const load = async () => ({ default: (await import('./account-menu-items.tsx')).AccountMenuItems });
const AccountMenuItems = lazy(load);

/** The signed-in person: their account, the keyboard help, the way out. */
export function AccountMenu() {
  const t = useTranslations('shell');
  const { user } = useSync();
  const label = t('accountMenu', { name: user.name });
  return (
    <MenuButton className={classes.button} kind="menu" label={label} content={AccountMenuItems} preload={load}>
      <Avatar person={{ name: user.name, color: personColor(user.id), isPerson: true }} size={26} />
      <span className="visually-hidden">{label}</span>
    </MenuButton>
  );
}
