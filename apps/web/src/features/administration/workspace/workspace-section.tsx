import { Button, TextInput } from '@mantine/core';
import type { AdministeredWorkspace } from '@meldesync/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { formatDate } from '../../../i18n/format.ts';
import { Form } from '../../../ui/form.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { workspacesQuery } from '../administration-queries.ts';
import formClasses from '../form.module.css';
import { ProblemNote } from '../problem-note.tsx';
import { Loaded, SectionHead } from '../section.tsx';
import { useAct } from '../use-act.ts';
import { ArchiveButton } from './archive-button.tsx';
import classes from './workspace-section.module.css';

interface WorkspaceSectionProps {
  readonly workspace: string;
  readonly mayArchive: boolean;
}

/** The workspace itself: its name, and its end. */
export function WorkspaceSection({ workspace: id, mayArchive }: WorkspaceSectionProps) {
  const t = useTranslations('administration');
  const locale = useLocale();
  const query = useQuery(workspacesQuery);
  return (
    <>
      <SectionHead title={t('names.workspace')} />
      <Loaded query={query}>
        {(workspaces) => {
          const workspace = workspaces.find((one) => one.id === id);
          if (!workspace) return null;
          const { archivedAt } = workspace;
          return (
            <div className={classes.cards}>
              <section className={classes.card} aria-labelledby="workspace-name">
                <h2 id="workspace-name" className={classes.heading}>
                  {t('workspace.name')}
                </h2>
                <NameForm key={workspace.version} workspace={workspace} />
                <dl className={classes.facts}>
                  <dt>{t('workspace.createdAt')}</dt>
                  <dd>{formatDate(new Date(workspace.createdAt), locale)}</dd>
                  <dt>{t('workspace.members')}</dt>
                  <dd>{workspace.members}</dd>
                </dl>
                {workspace.isDemo ? <p className={formClasses.text}>{t('workspace.demo')}</p> : null}
              </section>
              <section className={classes.card} aria-labelledby="workspace-archive">
                <h2 id="workspace-archive" className={classes.heading}>
                  {t('workspace.archiveHeading')}
                </h2>
                <p className={formClasses.text}>
                  {archivedAt === null
                    ? t('workspace.archiveText')
                    : t('workspace.isArchived', { date: formatDate(new Date(archivedAt), locale) })}
                </p>
                {mayArchive ? (
                  <div className={classes.action}>
                    <ArchiveButton workspace={workspace} />
                  </div>
                ) : (
                  <p className={classes.hint}>{t('workspace.archiveOnly')}</p>
                )}
              </section>
            </div>
          );
        }}
      </Loaded>
    </>
  );
}

/** Made anew for each version of the workspace, so that it begins with the present name. */
function NameForm({ workspace }: { workspace: AdministeredWorkspace }) {
  const t = useTranslations('administration');
  const act = useAct();
  const [name, setName] = useState(workspace.name);
  const submit = async (): Promise<void> => {
    const done = await act.run(() => administrationApi().changeWorkspace(workspace.id, workspace.version, { name }));
    if (done) showMessage({ message: t('workspace.renamed', { name: done.answer.name }) });
  };
  return (
    <Form onSubmit={submit}>
      <ProblemNote problem={act.problem} />
      <div className={classes.line}>
        <TextInput
          className={classes.field ?? ''}
          aria-label={t('workspace.name')}
          description={t('workspace.nameText')}
          inputWrapperOrder={['input', 'description', 'error']}
          value={name}
          autoComplete="off"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" loading={act.isBusy} disabled={name.trim() === workspace.name}>
          {t('save')}
        </Button>
      </div>
    </Form>
  );
}
