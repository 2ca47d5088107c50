import { type AdministeredAccount, describeError, eventValueName } from '@meldesync/protocol';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { Avatar } from '../../../people/avatar.tsx';
import { personColor } from '../../../people/person-color.ts';
import { EmailAddress } from '../../../ui/email-address.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { Moment } from '../moment.tsx';
import { RowProblem } from '../row-problem.tsx';
import { StateMark } from '../state-mark.tsx';
import classes from '../table.module.css';
import { useAct } from '../use-act.ts';
import { AccountDialog, type AccountQuestion } from './account-dialog.tsx';
import { AccountMenu } from './account-menu.tsx';

const COLUMNS = { wide: 6, narrow: 2 };

interface AccountRowProps {
  readonly account: AdministeredAccount;
  readonly isOwn: boolean;
  readonly now: number;
}

/** An account: whose, where it belongs, how it signs in. */
export function AccountRow({ account, isOwn, now }: AccountRowProps) {
  const t = useTranslations('administration');
  const tShell = useTranslations('shell.roles');
  const locale = useLocale();
  const act = useAct();
  const [question, setQuestion] = useState<AccountQuestion | null>(null);
  const { id, name } = account;
  const enable = async (): Promise<void> => {
    if (await act.run(() => administrationApi().changeAccount(id, { isDisabled: false })))
      showMessage({ message: t('accounts.enabled', { name }) });
  };
  return (
    <>
      <tr className={act.problem ? classes.noted : undefined}>
        <th scope="row">
          <span className={classes.person}>
            <Avatar person={{ name, color: personColor(id), isPerson: account.kind === 'person' }} size={26} />
            <span className={classes.words}>
              <span className={classes.name}>{name}</span>
              <Badges account={account} isOwn={isOwn} />
              {account.kind === 'person' ? (
                <span className={classes.sub}>
                  <EmailAddress address={account.email} />
                </span>
              ) : null}
              <span className={classes.narrow}>
                {[
                  account.disabledAt === null ? null : t('accounts.states.disabled'),
                  ...account.workspaces.map((workspace) => workspace.name),
                ]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </span>
            </span>
          </span>
        </th>
        <td data-wide>
          {account.workspaces.length === 0 ? (
            <span className={classes.faint}>{t('none')}</span>
          ) : (
            <ul className={classes.list}>
              {account.workspaces.map((workspace) => (
                <li key={workspace.id}>
                  {workspace.name} <span className={classes.faint}>{tShell(workspace.role)}</span>
                </li>
              ))}
            </ul>
          )}
        </td>
        <td data-wide>
          <SignInWays account={account} />
        </td>
        <td data-wide>
          {account.disabledAt === null ? (
            <StateMark state="active" />
          ) : (
            <StateMark state="disabled" label={t('accounts.states.disabled')} />
          )}
        </td>
        <td data-wide>
          <Moment at={account.lastSeenAt} now={now} />
          {account.kind === 'person' ? (
            <span className={classes.sub}>{t('accounts.sessions', { count: account.sessions })}</span>
          ) : null}
        </td>
        <td className={classes.last}>
          <AccountMenu account={account} isOwn={isOwn} onAsk={setQuestion} onEnable={() => void enable()} />
          {question ? <AccountDialog question={question} account={account} onClose={() => setQuestion(null)} /> : null}
        </td>
      </tr>
      {act.problem ? (
        <RowProblem columns={COLUMNS} text={describeError(act.problem, locale)} onDismiss={act.clear} />
      ) : null}
    </>
  );
}

function Badges({ account, isOwn }: { account: AdministeredAccount; isOwn: boolean }) {
  const t = useTranslations('administration');
  const badge = (text: string, tone?: 'plain') => (
    <span className={classes.badge} data-tone={tone}>
      {text}
    </span>
  );
  return (
    <>
      {isOwn ? badge(t('members.you'), 'plain') : null}
      {account.isInstallationAdmin ? badge(t('accounts.adminBadge')) : null}
      {account.kind === 'service' ? badge(t('accounts.serviceBadge'), 'plain') : null}
      {account.isDemo ? badge(t('accounts.demoBadge'), 'plain') : null}
    </>
  );
}

/** How somebody can prove who they are. */
function SignInWays({ account }: { account: AdministeredAccount }) {
  const t = useTranslations('administration.accounts');
  const language = useLocale();
  if (account.kind === 'service') return <span className={classes.faint}>–</span>;
  const ways = [
    account.hasPassword ? t('password') : null,
    ...account.providers.map((provider) => eventValueName('provider', provider, language) ?? provider),
    account.passkeys > 0 ? t('passkeys', { count: account.passkeys }) : null,
    account.hasSecondFactor ? t('secondFactor') : null,
  ].filter((way) => way !== null);
  if (ways.length === 0) return <span className={classes.faint}>{t('noPassword')}</span>;
  return ways.join(', ');
}
