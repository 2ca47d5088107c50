import { Button } from '@mantine/core';
import type { AdministeredWorkspace } from '@meldesync/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ArchiveDialog } from './archive-dialog.tsx';
import { useArchive } from './use-archive.ts';

/** Archives a workspace after asking, or opens it again. */
export function ArchiveButton({ workspace }: { workspace: AdministeredWorkspace }) {
  const t = useTranslations('administration.workspace');
  const archive = useArchive(workspace);
  const [isAsking, setAsking] = useState(false);
  if (workspace.archivedAt !== null)
    return (
      <Button variant="default" loading={archive.act.isBusy} onClick={() => void archive.restore()}>
        {t('restore')}
      </Button>
    );
  return (
    <>
      <Button variant="default" c="var(--bad)" onClick={() => setAsking(true)}>
        {t('archive')}
      </Button>
      {isAsking ? <ArchiveDialog workspace={workspace} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
