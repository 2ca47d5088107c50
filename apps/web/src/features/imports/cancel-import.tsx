import { ActionIcon, Button } from '@mantine/core';
import { describeError, type ImportSummary, roleAllows } from '@meldesync/protocol';
import { IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { api, errorCodeOf } from '../../api/api.ts';
import { importsQuery } from '../../api/queries.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useRole } from '../../sync/use-connection.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { showMessage } from '../../ui/messages.tsx';
import { useFocusHeir } from '../../ui/use-focus-heir.ts';
import classes from './cancel-import.module.css';
import { withImport } from './import-list.ts';

interface CancelImportProps {
  readonly summary: ImportSummary;
  /** Takes the focus when the import ends, and with it what one could cancel. */
  readonly heir: RefObject<HTMLElement | null>;
}

/** Ends an import that waits or runs, once the person has said so twice; nothing for someone who may not import. */
export function CancelImport({ summary, heir }: CancelImportProps) {
  const t = useTranslations('imports');
  const [isAsking, setAsking] = useState(false);
  const inherit = useFocusHeir(() => heir.current, isAsking);
  if (!roleAllows(useRole(), 'editor')) return null;
  const { filename } = summary;
  return (
    <span {...inherit}>
      <ActionIcon
        variant="subtle"
        size="sm"
        aria-label={t('cancelImport', { file: filename })}
        title={t('cancelImport', { file: filename })}
        onClick={() => setAsking(true)}
      >
        <IconX size={14} />
      </ActionIcon>
      {isAsking ? <CancelDialog summary={summary} onClose={() => setAsking(false)} /> : null}
    </span>
  );
}

function CancelDialog({ summary, onClose }: { summary: ImportSummary; onClose: () => void }) {
  const t = useTranslations('imports');
  const locale = useLocale();
  const { workspace } = useSync();
  const queryClient = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const cancel = async (): Promise<void> => {
    setBusy(true);
    try {
      const cancelled = await api().cancelImport(workspace.id, summary.id);
      queryClient.setQueryData(importsQuery(workspace.id).queryKey, (known) => known && withImport(known, cancelled));
    } catch (error) {
      showMessage({ color: 'red', title: t('cancelFailed'), message: describeError(errorCodeOf(error), locale) });
    }
    onClose();
  };
  return (
    <Dialog title={t('cancelTitle', { file: summary.filename })} width={440} onClose={onClose}>
      <p>{t('cancelText')}</p>
      <div className={classes.buttons}>
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('cancelKeep')}
        </Button>
        <Button variant="default" c="var(--bad)" loading={isBusy} onClick={() => void cancel()}>
          {t('cancelConfirm')}
        </Button>
      </div>
    </Dialog>
  );
}
