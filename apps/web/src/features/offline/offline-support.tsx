import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { confirmWhoIsSignedIn } from '../../api/who-is-signed-in.ts';
import { useConnection } from '../../sync/use-connection.ts';
import { registerServiceWorker } from './register-service-worker.ts';
import { ResumedEdits } from './resumed-edits.tsx';

/** The page's first view comes first. */
const LOAD_AFTER_MS = 2_000;

interface OfflineSupportProps {
  /** Loads the parts of the page that someone may open without the service; the same function at each render. */
  readonly loadParts: () => Promise<void>;
}

/** Prepares the page for a time without the service, and tells what became of the edits of such a time. */
export function OfflineSupport({ loadParts }: OfflineSupportProps) {
  const isLive = useConnection().name === 'live';
  const queryClient = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    if (!isLive) return undefined;
    const timer = setTimeout(() => {
      void loadParts();
      void registerServiceWorker();
    }, LOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isLive, loadParts]);
  useEffect(() => {
    if (!isLive) return;
    void confirmWhoIsSignedIn(queryClient).then((isNew) => (isNew ? router.invalidate() : undefined));
  }, [isLive, queryClient, router]);
  return <ResumedEdits />;
}
