import { Menu } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Link, useRouteContext } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useSync } from '../sync/sync-context.tsx';
import type { MenuContentProps } from '../ui/menu-button.tsx';
import { OpenMenu } from '../ui/open-menu.tsx';
import classes from './workspace-switcher.module.css';

export function WorkspaceMenuItems({ label, onClose }: MenuContentProps) {
  const t = useTranslations('shell');
  const { me } = useRouteContext({ from: '/signed-in/w/$workspace' });
  const { workspace } = useSync();
  return (
    <OpenMenu label={label} onClose={onClose} position="bottom-start" width={240}>
      <Menu.Label>{t('workspace')}</Menu.Label>
      {me.workspaces.map(({ id, name, role }) => (
        <Menu.Item
          key={id}
          rightSection={id === workspace.id ? <IconCheck size={16} /> : null}
          renderRoot={(props) => <Link to="/w/$workspace/cases" params={{ workspace: id }} {...props} />}
        >
          <span className={classes.itemName}>{name}</span>
          <span className={classes.itemRole}>{t(`roles.${role}`)}</span>
        </Menu.Item>
      ))}
    </OpenMenu>
  );
}
