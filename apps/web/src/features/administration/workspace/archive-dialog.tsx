import type { AdministeredWorkspace } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { useArchive } from './use-archive.ts';

/** Asks whether a workspace is to be closed for everybody. */
export function ArchiveDialog({ workspace, onClose }: { workspace: AdministeredWorkspace; onClose: () => void }) {
  const t = useTranslations('administration.workspace');
  const { act, archive } = useArchive(workspace);
  return (
    <ConfirmDialog
      title={t('archiveTitle', { name: workspace.name })}
      text={t('archiveText')}
      confirm={t('archive')}
      isHarsh
      act={act}
      onConfirm={async () => {
        if (await archive()) onClose();
      }}
      onClose={onClose}
    />
  );
}
