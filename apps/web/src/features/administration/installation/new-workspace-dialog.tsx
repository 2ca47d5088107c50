import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { useAct } from '../use-act.ts';
import { NameDialog } from './name-dialog.tsx';

interface NewWorkspaceDialogProps {
  /** Called with the id of what was made. */
  readonly onMade: (workspace: string) => void;
  readonly onClose: () => void;
}

/** Makes a workspace. */
export function NewWorkspaceDialog({ onMade, onClose }: NewWorkspaceDialogProps) {
  const t = useTranslations('administration.workspaces');
  const tWorkspace = useTranslations('administration.workspace');
  const act = useAct();
  const create = async (name: string): Promise<void> => {
    const done = await act.run(() => administrationApi().createWorkspace(name));
    if (!done) return;
    showMessage({ message: t('created', { name: done.answer.name }) });
    onClose();
    onMade(done.answer.id);
  };
  return (
    <NameDialog
      title={t('createTitle')}
      text={t('createText')}
      label={tWorkspace('name')}
      confirm={t('submit')}
      act={act}
      onSubmit={create}
      onClose={onClose}
    />
  );
}
