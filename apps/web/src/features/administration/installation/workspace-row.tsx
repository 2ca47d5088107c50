import { Button, Menu } from '@mantine/core';
import { type AdministeredWorkspace, describeError } from '@meldesync/protocol';
import { IconArchive, IconArchiveOff, IconPencil, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { formatDate } from '../../../i18n/format.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { RowMenu } from '../row-menu.tsx';
import { RowProblem } from '../row-problem.tsx';
import classes from '../table.module.css';
import { useAct } from '../use-act.ts';
import { useRefreshMe } from '../use-refresh-me.ts';
import { ArchiveDialog } from '../workspace/archive-dialog.tsx';
import { useArchive } from '../workspace/use-archive.ts';
import { RenameWorkspaceDialog } from './rename-workspace-dialog.tsx';

const COLUMNS = { wide: 5, narrow: 2 };

interface WorkspaceRowProps {
  readonly workspace: AdministeredWorkspace;
  readonly user: string;
  readonly isMember: boolean;
  readonly onOpen: () => void;
}

/** A workspace of the installation. Long for its markup. */
export function WorkspaceRow({ workspace, user, isMember, onOpen }: WorkspaceRowProps) {
  const t = useTranslations('administration');
  const locale = useLocale();
  const refreshMe = useRefreshMe();
  const [opened, setOpened] = useState<'rename' | 'archive' | null>(null);
  const archive = useArchive(workspace);
  const joining = useAct();
  const { id, name, archivedAt } = workspace;
  const join = async (): Promise<void> => {
    const done = await joining.run(() => administrationApi().addMember(id, { account: user, role: 'admin' }));
    if (!done) return;
    await refreshMe();
    showMessage({ message: t('workspaces.joined', { name }) });
  };
  const problem = archive.act.problem ?? joining.problem;
  return (
    <>
      <tr className={problem ? classes.noted : undefined}>
        <th scope="row">
          <span className={classes.name}>{name}</span>
          {workspace.isDemo ? (
            <span className={classes.badge} data-tone="plain">
              {t('workspaces.state.demo')}
            </span>
          ) : null}
          <span className={classes.narrow}>
            {t('members.count', { count: workspace.members })}
            {archivedAt === null ? '' : ` · ${t('workspaces.state.archived')}`}
          </span>
        </th>
        <td data-wide>{workspace.members}</td>
        <td data-wide>
          {archivedAt === null ? (
            t('workspaces.state.open')
          ) : (
            <>
              <span className={classes.faint}>{t('workspaces.state.archived')}</span>
              <span className={classes.sub}>{formatDate(new Date(archivedAt), locale)}</span>
            </>
          )}
        </td>
        <td data-wide>{formatDate(new Date(workspace.createdAt), locale)}</td>
        <td className={classes.last}>
          <span className={classes.rowButtons}>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t('workspaces.openMembersOf', { name })}
              onClick={onOpen}
            >
              {t('workspaces.openMembers')}
            </Button>
            <RowMenu label={t('actionsFor', { name })}>
              {isMember || archivedAt !== null ? null : (
                <Menu.Item leftSection={<IconUserPlus size={16} />} onClick={() => void join()}>
                  {t('workspaces.joinNow')}
                </Menu.Item>
              )}
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setOpened('rename')}>
                {t('workspaces.rename')}
              </Menu.Item>
              {archivedAt === null ? (
                <Menu.Item
                  color="var(--bad)"
                  leftSection={<IconArchive size={16} />}
                  onClick={() => setOpened('archive')}
                >
                  {t('workspace.archive')}
                </Menu.Item>
              ) : (
                <Menu.Item leftSection={<IconArchiveOff size={16} />} onClick={() => void archive.restore()}>
                  {t('workspace.restore')}
                </Menu.Item>
              )}
            </RowMenu>
          </span>
          {opened === 'rename' ? (
            <RenameWorkspaceDialog workspace={workspace} onClose={() => setOpened(null)} />
          ) : opened === 'archive' ? (
            <ArchiveDialog workspace={workspace} onClose={() => setOpened(null)} />
          ) : null}
        </td>
      </tr>
      {problem ? (
        <RowProblem
          columns={COLUMNS}
          text={describeError(problem, locale)}
          onDismiss={() => {
            archive.act.clear();
            joining.clear();
          }}
        />
      ) : null}
    </>
  );
}
