import type { AdministeredWorkspace } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { useAct } from '../use-act.ts';
import { NameDialog } from './name-dialog.tsx';

interface RenameWorkspaceDialogProps {
  readonly workspace: AdministeredWorkspace;
  readonly onClose: () => void;
}

/** Gives a workspace another name. */
export function RenameWorkspaceDialog({ workspace, onClose }: RenameWorkspaceDialogProps) {
  const t = useTranslations('administration');
  const act = useAct();
  const rename = async (name: string): Promise<void> => {
    const done = await act.run(() => administrationApi().changeWorkspace(workspace.id, workspace.version, { name }));
    if (!done) return;
    showMessage({ message: t('workspace.renamed', { name: done.answer.name }) });
    onClose();
  };
  return (
    <NameDialog
      title={t('workspaces.renameTitle', { name: workspace.name })}
      label={t('workspace.name')}
      confirm={t('save')}
      first={workspace.name}
      act={act}
      onSubmit={rename}
      onClose={onClose}
    />
  );
}
