import { Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconKeyboard, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { personColor } from '../../sync/person-color.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useRole } from '../../sync/use-connection.ts';
import { Avatar } from '../../ui/avatar.tsx';
import classes from './account-menu.module.css';

/** The signed-in person: their account, the keyboard help, the way out. */
export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const t = useTranslations('shell');
  const tAccount = useTranslations('account');
  const { user, workspace } = useSync();
  const role = useRole();
  const leave = async (): Promise<void> => {
    try {
      await (await import('../account/sign-out.ts')).signOut();
    } catch {
      // The only thing someone can do about it is to try again.
      notifications.show({ color: 'red', message: tAccount('signOutFailed') });
    }
  };
  return (
    <Menu position="bottom-end" width={232} shadow="md">
      <Menu.Target>
        <button type="button" className={classes.button}>
          <Avatar person={{ name: user.name, color: personColor(user.id), isPerson: true }} size={26} />
          <span className="visually-hidden">{t('accountMenu', { name: user.name })}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
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
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
          {t('keyboardHelp')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
