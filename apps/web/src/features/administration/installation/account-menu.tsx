import { Menu } from '@mantine/core';
import type { AdministeredAccount } from '@meldesync/protocol';
import {
  IconArrowMerge,
  IconBan,
  IconCircleCheck,
  IconFingerprintOff,
  IconKey,
  IconLinkOff,
  IconLogout,
  IconPencil,
  IconShield,
  IconShieldOff,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { RowMenu } from '../row-menu.tsx';
import type { AccountQuestion } from './account-dialog.tsx';

interface AccountMenuProps {
  readonly account: AdministeredAccount;
  readonly isOwn: boolean;
  readonly onAsk: (question: AccountQuestion) => void;
  readonly onEnable: () => void;
}

/** What can be done with an account; programs are administered in their workspace. */
export function AccountMenu({ account, isOwn, onAsk, onEnable }: AccountMenuProps) {
  const t = useTranslations('administration');
  const tAccounts = useTranslations('administration.accounts');
  const isPerson = account.kind === 'person';
  const size = 16;
  return (
    <RowMenu label={t('actionsFor', { name: account.name })}>
      <Menu.Item leftSection={<IconPencil size={size} />} onClick={() => onAsk('edit')}>
        {isPerson ? tAccounts('edit') : t('workspaces.rename')}
      </Menu.Item>
      {isPerson ? (
        <>
          <Menu.Item leftSection={<IconKey size={size} />} onClick={() => onAsk('passwordLink')}>
            {tAccounts('passwordLink')}
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={size} />} onClick={() => onAsk('endSessions')}>
            {tAccounts('endSessions')}
          </Menu.Item>
          {account.hasSecondFactor || account.passkeys > 0 ? (
            <Menu.Item leftSection={<IconFingerprintOff size={size} />} onClick={() => onAsk('removeFactors')}>
              {tAccounts('removeFactors')}
            </Menu.Item>
          ) : null}
          {account.providers.length > 0 ? (
            <Menu.Item leftSection={<IconLinkOff size={size} />} onClick={() => onAsk('unlink')}>
              {tAccounts('unlink')}
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={account.isInstallationAdmin ? <IconShieldOff size={size} /> : <IconShield size={size} />}
            onClick={() => onAsk(account.isInstallationAdmin ? 'takeAdmin' : 'makeAdmin')}
          >
            {account.isInstallationAdmin ? tAccounts('takeAdmin') : tAccounts('makeAdmin')}
          </Menu.Item>
        </>
      ) : null}
      {isOwn ? null : (
        <>
          <Menu.Divider />
          {isPerson ? (
            <Menu.Item leftSection={<IconArrowMerge size={size} />} onClick={() => onAsk('merge')}>
              {tAccounts('merge')}
            </Menu.Item>
          ) : null}
          {account.disabledAt === null ? (
            <Menu.Item leftSection={<IconBan size={size} />} onClick={() => onAsk('disable')}>
              {tAccounts('disable')}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconCircleCheck size={size} />} onClick={onEnable}>
              {tAccounts('enable')}
            </Menu.Item>
          )}
          <Menu.Item color="var(--bad)" leftSection={<IconTrash size={size} />} onClick={() => onAsk('remove')}>
            {tAccounts('remove')}
          </Menu.Item>
        </>
      )}
    </RowMenu>
  );
}
