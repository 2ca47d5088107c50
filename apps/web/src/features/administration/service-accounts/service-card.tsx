import { Button, Menu } from '@mantine/core';
import { describeError, limitRole, type ServiceAccount } from '@meldesync/protocol';
import { IconKeyOff, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { useMemberAct } from '../members/use-member-act.ts';
import { RoleSelect } from '../role-select.tsx';
import { RowMenu } from '../row-menu.tsx';
import tableClasses from '../table.module.css';
import { useAct } from '../use-act.ts';
import { NewTokenDialog } from './new-token-dialog.tsx';
import classes from './service-accounts.module.css';
import { TokenTable } from './token-table.tsx';

interface ServiceCardProps {
  readonly workspace: string;
  readonly account: ServiceAccount;
  readonly now: number;
}

/** A program: what it may do, and its tokens. Long because each act and its dialog stand here. */
export function ServiceCard({ workspace, account, now }: ServiceCardProps) {
  const t = useTranslations('administration.services');
  const tAll = useTranslations('administration');
  const tShell = useTranslations('shell.roles');
  const locale = useLocale();
  const heading = useId();
  const { member, tokens } = account;
  const { name } = member;
  const doing = useMemberAct(workspace, member);
  const removal = useAct();
  const ending = useAct();
  const [opened, setOpened] = useState<'token' | 'end-all' | 'remove' | null>(null);
  const count = tokens.length;
  const remove = async (): Promise<void> => {
    const done = await removal.run(() => administrationApi().removeMember(workspace, member.id, member.version));
    if (!done) return;
    showMessage({ message: t('removed', { name }) });
    setOpened(null);
  };
  const endAll = async (): Promise<void> => {
    const done = await ending.run(() => administrationApi().endTokens(workspace, member.id));
    if (!done) return;
    showMessage({ message: t('endedAll', { name, count: done.answer }) });
    setOpened(null);
  };
  return (
    <section className={classes.card} aria-labelledby={heading}>
      <div className={classes.head}>
        <h2 id={heading} className={classes.title}>
          {name}
        </h2>
        <div className={classes.actions}>
          <div className={classes.role}>
            <RoleSelect
              label={tAll('roleOf', { name })}
              roles={limitRole.options}
              value={member.role}
              isDisabled={doing.act.isBusy}
              onChange={(role) =>
                void doing.change({ role }, tAll('members.roleChanged', { name, role: tShell(role) }))
              }
            />
          </div>
          <Button variant="default" aria-label={t('newTokenFor', { name })} onClick={() => setOpened('token')}>
            {t('newToken')}
          </Button>
          <RowMenu label={tAll('actionsFor', { name })}>
            {count > 0 ? (
              <Menu.Item color="var(--bad)" leftSection={<IconKeyOff size={16} />} onClick={() => setOpened('end-all')}>
                {t('endAll')}
              </Menu.Item>
            ) : null}
            <Menu.Item color="var(--bad)" leftSection={<IconTrash size={16} />} onClick={() => setOpened('remove')}>
              {t('remove')}
            </Menu.Item>
          </RowMenu>
        </div>
      </div>
      {doing.act.problem ? (
        <p role="alert" className={tableClasses.problem}>
          {describeError(doing.act.problem, locale)}
        </p>
      ) : null}
      {count === 0 ? (
        <p className={classes.none}>{t('noTokens')}</p>
      ) : (
        <TokenTable workspace={workspace} account={member} tokens={tokens} now={now} />
      )}
      {opened === 'token' ? (
        <NewTokenDialog workspace={workspace} account={member} onClose={() => setOpened(null)} />
      ) : null}
      {opened === 'end-all' ? (
        <ConfirmDialog
          title={t('endAllTitle', { name })}
          text={t('endAllText', { count })}
          confirm={t('endAll')}
          isHarsh
          act={ending}
          onConfirm={endAll}
          onClose={() => setOpened(null)}
        />
      ) : null}
      {opened === 'remove' ? (
        <ConfirmDialog
          title={t('removeTitle', { name })}
          text={t('removeText')}
          confirm={t('remove')}
          isHarsh
          act={removal}
          onConfirm={remove}
          onClose={() => setOpened(null)}
        />
      ) : null}
    </section>
  );
}
