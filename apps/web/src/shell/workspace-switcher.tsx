import { IconSelector } from '@tabler/icons-react';
import { useRouteContext } from '@tanstack/react-router';
import { lazy } from 'react';
import { useTranslations } from 'use-intl';
import { useSync } from '../sync/sync-context.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import classes from './workspace-switcher.module.css';

const load = async () => ({ default: (await import('./workspace-menu-items.tsx')).WorkspaceMenuItems });
const WorkspaceMenuItems = lazy(load);

/** Name of the workspace; a menu for someone who belongs to several. */
export function WorkspaceSwitcher() {
  const t = useTranslations('shell');
  const { me } = useRouteContext({ from: '/signed-in/w/$workspace' });
  const { workspace } = useSync();
  if (me.workspaces.length < 2) return <span className={classes.name}>{workspace.name}</span>;
  return (
    <MenuButton
      className={classes.switch}
      kind="menu"
      label={t('switchWorkspace')}
      content={WorkspaceMenuItems}
      preload={load}
    >
      <span className="visually-hidden">{t('switchWorkspace')}</span>
      <span className={classes.text}>{workspace.name}</span>
      <IconSelector size={14} />
    </MenuButton>
  );
}
