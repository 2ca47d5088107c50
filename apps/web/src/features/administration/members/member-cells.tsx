import { Menu } from '@mantine/core';
import type { AdministeredMember } from '@meldesync/protocol';
import { IconCalendarOff, IconPlayerPause, IconPlayerPlay, IconUserMinus } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'use-intl';
import { formatDate } from '../../../i18n/format.ts';
import { Avatar } from '../../../people/avatar.tsx';
import { personColor } from '../../../people/person-color.ts';
import { EmailAddress } from '../../../ui/email-address.tsx';
import type { MemberState } from '../member-state.ts';
import { RowMenu } from '../row-menu.tsx';
import { StateMark } from '../state-mark.tsx';
import classes from '../table.module.css';
import type { MemberQuestion } from './member-dialog.tsx';
import type { MemberAct } from './use-member-act.ts';

interface MemberIdentityProps {
  readonly member: AdministeredMember;
  readonly state: MemberState;
  readonly isOwn: boolean;
}

/** Who a member is; where the table is narrow, also how the membership stands. */
export function MemberIdentity({ member, state, isOwn }: MemberIdentityProps) {
  const t = useTranslations('administration');
  const locale = useLocale();
  const { name } = member;
  return (
    <th scope="row">
      <span className={classes.person}>
        <Avatar person={{ name, color: personColor(member.id), isPerson: true }} size={26} />
        <span className={classes.words}>
          <span className={classes.name}>{name}</span>
          {isOwn ? (
            <span className={classes.badge} data-tone="plain">
              {t('members.you')}
            </span>
          ) : null}
          <span className={classes.sub}>
            <EmailAddress address={member.email} />
          </span>
          {state === 'active' && member.expiresAt === null ? null : (
            <span className={classes.narrow}>
              <StateMark state={state} />
              {member.expiresAt === null ? null : ` · ${t('until')} ${formatDate(new Date(member.expiresAt), locale)}`}
            </span>
          )}
        </span>
      </span>
    </th>
  );
}

interface MemberMenuProps {
  readonly member: AdministeredMember;
  /** Opens what asks before it is done. */
  readonly onAsk: (question: MemberQuestion) => void;
  readonly onChange: MemberAct['change'];
}

/** What can be done about a member. */
export function MemberMenu({ member, onAsk, onChange }: MemberMenuProps) {
  const t = useTranslations('administration');
  const { name } = member;
  return (
    <RowMenu label={t('actionsFor', { name })}>
      <Menu.Item leftSection={<IconCalendarOff size={16} />} onClick={() => onAsk('expiry')}>
        {t('members.changeExpiry')}
      </Menu.Item>
      {member.suspendedAt === null ? (
        <Menu.Item leftSection={<IconPlayerPause size={16} />} onClick={() => onAsk('suspend')}>
          {t('members.suspend')}
        </Menu.Item>
      ) : (
        <Menu.Item
          leftSection={<IconPlayerPlay size={16} />}
          onClick={() => void onChange({ isSuspended: false }, t('members.resumed', { name }))}
        >
          {t('members.resume')}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item color="var(--bad)" leftSection={<IconUserMinus size={16} />} onClick={() => onAsk('remove')}>
        {t('members.remove')}
      </Menu.Item>
    </RowMenu>
  );
}
