import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react';
import { importsQuery } from '../../api/queries.ts';
import { queryClient } from '../../api/query-client.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { withImport } from './import-list.ts';
import { createSendUpload } from './send-upload.ts';
import { createUploads, type Upload, type Uploads } from './uploads.ts';
import { createWorkspaceUploads } from './workspace-uploads.ts';

const UploadsContext = createContext<Uploads | null>(null);

/** The person's, as the page is: it is loaded anew for another. */
const allUploads = createWorkspaceUploads((workspace) =>
  createUploads({
    send: createSendUpload(workspace),
    onImported: (imports) => {
      const { queryKey } = importsQuery(workspace);
      queryClient.setQueryData(queryKey, (known) => known && imports.reduce(withImport, known));
      void queryClient.invalidateQueries({ queryKey });
    },
  }),
);

/** Keeps uploads going while the person moves between pages and workspaces. */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const { workspace } = useSync();
  const uploads = allUploads.of(workspace.id);
  useUnloadWarning();
  return <UploadsContext value={uploads}>{children}</UploadsContext>;
}

export function useUploads(): Uploads {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error('useUploads is used outside of an UploadsProvider');
  return uploads;
}

export function useUploadList(): readonly Upload[] {
  const uploads = useUploads();
  return useSyncExternalStore(uploads.subscribe, uploads.getSnapshot);
}

/** Files that have not arrived yet; failed ones do not count. */
export function useUploadCount(): number {
  return useUploadList().filter(({ state }) => state.name !== 'failed').length;
}

/** Asks before the page closes on files of any workspace that have not arrived: their requests end with it. */
function useUnloadWarning(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (allUploads.isBusy()) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, []);
}
