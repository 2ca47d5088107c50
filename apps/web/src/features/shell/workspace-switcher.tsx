import { Menu } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useNavigate, useRouteContext } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useSync } from '../../sync/sync-context.tsx';
import classes from './workspace-switcher.module.css';

/** Name of the workspace; a menu for someone who belongs to several. */
export function WorkspaceSwitcher() {
  const t = useTranslations('shell');
  const navigate = useNavigate();
  const { me } = useRouteContext({ from: '/signed-in/w/$workspace' });
  const { workspace } = useSync();
  if (me.workspaces.length < 2) return <span className={classes.name}>{workspace.name}</span>;
  const open = (id: string): void => {
    void navigate({ to: '/w/$workspace/cases', params: { workspace: id } });
  };
  return (
    <Menu position="bottom-start" width={240} shadow="md">
      <Menu.Target>
        <button type="button" className={classes.switch}>
          <span className="visually-hidden">{t('switchWorkspace')}</span>
          <span className={classes.text}>{workspace.name}</span>
          <IconSelector size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('workspace')}</Menu.Label>
        {me.workspaces.map(({ id, name, role }) => (
          <Menu.Item
            key={id}
            onClick={() => open(id)}
            rightSection={id === workspace.id ? <IconCheck size={16} /> : null}
          >
            <span className={classes.itemName}>{name}</span>
            <span className={classes.itemRole}>{t(`roles.${role}`)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
