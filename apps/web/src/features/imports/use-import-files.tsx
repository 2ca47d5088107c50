import { Link, useLocation } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { useSync } from '../../sync/sync-context.tsx';
import { showMessage } from '../../ui/messages.tsx';
import { pickCsvFiles } from './csv-files.ts';
import { useUploads } from './uploads-context.tsx';

/** Starts the upload of what was chosen or dropped, and says so; says as well when something was no CSV file. */
export function useImportFiles(): (files: Iterable<File>) => void {
  const t = useTranslations('imports');
  const uploads = useUploads();
  const { workspace } = useSync();
  const isOnPage = useLocation({ select: ({ pathname }) => pathname.endsWith('/imports') });
  return useCallback(
    (files) => {
      const { accepted, refused } = pickCsvFiles(files);
      if (accepted.length > 0) {
        uploads.add(accepted);
        // On the page of imports the rows say it themselves.
        if (!isOnPage) showMessage({ message: <Started count={accepted.length} workspace={workspace.id} /> });
      }
      if (refused > 0) showMessage({ color: 'red', message: t('onlyCsv', { count: refused }) });
    },
    [isOnPage, t, uploads, workspace.id],
  );
}

function Started({ count, workspace }: { count: number; workspace: string }) {
  const t = useTranslations('imports');
  return (
    <>
      {t('started', { count })}{' '}
      <Link to="/w/$workspace/imports" params={{ workspace }}>
        {t('startedLink')}
      </Link>
    </>
  );
}
