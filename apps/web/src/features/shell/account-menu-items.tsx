import { Menu } from '@mantine/core';
import { IconKeyboard, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useSync } from '../../sync/sync-context.tsx';
import { useRole } from '../../sync/use-connection.ts';
import type { MenuContentProps } from '../../ui/menu-button.tsx';
import { showMessage } from '../../ui/messages.tsx';
import { OpenMenu } from '../../ui/open-menu.tsx';
import { signOut } from '../account/sign-out.ts';
import classes from './account-menu.module.css';
import { useHelp } from './help-context.ts';

export function AccountMenuItems({ label, onClose }: MenuContentProps) {
  const t = useTranslations('shell');
  const tAccount = useTranslations('account');
  const { user, workspace } = useSync();
  const role = useRole();
  const openHelp = useHelp();
  const tOffline = useTranslations('offline');
  const leave = async (): Promise<void> => {
    try {
      await signOut((count) => confirm(tOffline('signOutUnsent', { count })));
    } catch {
      // The only thing someone can do about it is to try again.
      showMessage({ color: 'red', message: tAccount('signOutFailed') });
    }
  };
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
      <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
        {t('signOut')}
      </Menu.Item>
    </OpenMenu>
  );
}
