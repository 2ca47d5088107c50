import { Button } from '@mantine/core';
import { IconFolders, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { StatePage } from '../../../ui/state-page.tsx';
import { workspacesQuery } from '../administration-queries.ts';
import { Loaded, SectionHead } from '../section.tsx';
import classes from '../table.module.css';
import { Table } from '../table.tsx';
import { NewWorkspaceDialog } from './new-workspace-dialog.tsx';
import { WorkspaceRow } from './workspace-row.tsx';

interface WorkspacesSectionProps {
  /** The person who administers. */
  readonly user: string;
  /** Workspaces that they belong to. */
  readonly own: ReadonlySet<string>;
  /** Opens the members of a workspace. */
  readonly onOpen: (workspace: string) => void;
}

/** All workspaces of the installation. */
export function WorkspacesSection({ user, own, onOpen }: WorkspacesSectionProps) {
  const t = useTranslations('administration');
  const locale = useLocale();
  const [text, setText] = useState('');
  const [isCreating, setCreating] = useState(false);
  const query = useQuery(workspacesQuery);
  return (
    <>
      <SectionHead
        title={t('names.workspaces')}
        count={query.data && t('workspaces.count', { count: query.data.length })}
        search={{ label: t('workspaces.search'), text, onChange: setText }}
      >
        <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
          {t('workspaces.create')}
        </Button>
      </SectionHead>
      <Loaded query={query}>
        {(workspaces) => {
          if (workspaces.length === 0)
            return (
              <StatePage
                heading="h2"
                icon={<IconFolders size={24} />}
                title={t('workspaces.emptyTitle')}
                text={t('workspaces.emptyText')}
              />
            );
          const wanted = text.trim().toLocaleLowerCase(locale);
          const shown = workspaces
            .filter(({ name }) => name.toLocaleLowerCase(locale).includes(wanted))
            .toSorted((one, other) => one.name.localeCompare(other.name, locale));
          return (
            <>
              <Table
                label={t('names.workspaces')}
                columns={[
                  { label: t('name') },
                  { label: t('names.members'), width: '100px', isWide: true },
                  { label: t('state'), width: '130px', isWide: true },
                  { label: t('workspaces.createdAt'), width: '110px', isWide: true },
                ]}
                actions={{ label: t('actions'), width: '148px' }}
                minWidth={680}
              >
                {shown.map((workspace) => (
                  <WorkspaceRow
                    key={workspace.id}
                    workspace={workspace}
                    user={user}
                    isMember={own.has(workspace.id)}
                    onOpen={() => onOpen(workspace.id)}
                  />
                ))}
              </Table>
              {shown.length === 0 ? <p className={classes.none}>{t('noMatch', { text })}</p> : null}
            </>
          );
        }}
      </Loaded>
      {isCreating ? <NewWorkspaceDialog onMade={onOpen} onClose={() => setCreating(false)} /> : null}
    </>
  );
}
