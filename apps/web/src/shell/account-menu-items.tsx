import { Menu } from '@mantine/core';
import { IconKeyboard, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useSignOut } from '../features/account/use-sign-out.ts';
import { useSync } from '../sync/sync-context.tsx';
import { useRole } from '../sync/use-connection.ts';
import type { MenuContentProps } from '../ui/menu-button.tsx';
import { OpenMenu } from '../ui/open-menu.tsx';
import classes from './account-menu.module.css';
import { useHelp } from './help-context.ts';

export function AccountMenuItems({ label, onClose }: MenuContentProps) {
  const t = useTranslations('shell');
  const { user, workspace } = useSync();
  const role = useRole();
  const openHelp = useHelp();
  const leave = useSignOut();
  return (
    <OpenMenu label={label} onClose={onClose} position="bottom-end" width={232}>
      <div className={classes.person}>
        <span className={classes.name}>{user.name}</span>
        <span className={classes.role}>
          {workspace.name} · {t(`roles.${role}`)}
        </span>
      </div>
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconUserCircle size={16} />}
        renderRoot={(props) => <Link to="/w/$workspace/account" params={{ workspace: workspace.id }} {...props} />}
      >
        {t('account')}
      </Menu.Item>
      <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openHelp}>
        {t('keyboardHelp')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
        {t('signOut')}
      </Menu.Item>
    </OpenMenu>
  );
}
