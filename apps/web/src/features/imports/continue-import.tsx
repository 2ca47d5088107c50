import { ActionIcon } from '@mantine/core';
import { describeError, type ImportSummary, roleAllows } from '@meldesync/protocol';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { api, errorCodeOf } from '../../api/api.ts';
import { importsQuery } from '../../api/queries.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useRole } from '../../sync/use-connection.ts';
import { showMessage } from '../../ui/messages.tsx';
import { useFocusHeir } from '../../ui/use-focus-heir.ts';
import { withImport } from './import-list.ts';

interface ContinueImportProps {
  readonly summary: ImportSummary;
  /** Takes the focus when the import goes on, and with it what one could go on with. */
  readonly heir: RefObject<HTMLElement | null>;
}

/** Goes on with a paused import; nothing for who does not administer the workspace. */
export function ContinueImport({ summary, heir }: ContinueImportProps) {
  const t = useTranslations('imports');
  const locale = useLocale();
  const { workspace } = useSync();
  const queryClient = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const inherit = useFocusHeir(() => heir.current, isBusy);
  if (!roleAllows(useRole(), 'admin')) return null;
  const goOn = async (): Promise<void> => {
    setBusy(true);
    try {
      const continued = await api().continueImport(workspace.id, summary.id);
      queryClient.setQueryData(importsQuery(workspace.id).queryKey, (known) => known && withImport(known, continued));
    } catch (error) {
      showMessage({ color: 'red', title: t('continueFailed'), message: describeError(errorCodeOf(error), locale) });
    }
    setBusy(false);
  };
  return (
    <span {...inherit}>
      <ActionIcon
        variant="subtle"
        size="sm"
        loading={isBusy}
        aria-label={t('continueImport', { file: summary.filename })}
        title={t('continueImport', { file: summary.filename })}
        onClick={() => void goOn()}
      >
        <IconPlayerPlay size={14} />
      </ActionIcon>
    </span>
  );
}
