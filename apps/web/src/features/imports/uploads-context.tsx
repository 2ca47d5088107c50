import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { importsQuery } from '../../api/queries.ts';
import { queryClient } from '../../api/query-client.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { withImport } from './import-list.ts';
import { createSendUpload } from './send-upload.ts';
import { createUploads, type Upload, type Uploads } from './uploads.ts';

const UploadsContext = createContext<Uploads | null>(null);

/** Keeps uploads going while the person moves between the pages of the workspace. */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const { workspace } = useSync();
  const [uploads] = useState(() =>
    createUploads({
      send: createSendUpload(workspace.id),
      onImported: (imports) => {
        queryClient.setQueryData(
          importsQuery(workspace.id).queryKey,
          (known) => known && imports.reduce(withImport, known),
        );
        void queryClient.invalidateQueries({ queryKey: importsQuery(workspace.id).queryKey });
      },
    }),
  );
  useUnloadWarning(uploads);
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

/** Asks before the page closes on files that have not arrived, and ends them when it does. */
function useUnloadWarning(uploads: Uploads): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (uploads.getSnapshot().some(({ state }) => state.name !== 'failed')) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [uploads]);
}
