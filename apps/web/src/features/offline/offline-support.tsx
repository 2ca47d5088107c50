import { useEffect } from 'react';
import { useConnection } from '../../sync/use-connection.ts';
import { loadForOffline } from './load-for-offline.ts';
import { ResumedEdits } from './resumed-edits.tsx';

/** The page's first view comes first. */
const LOAD_AFTER_MS = 2_000;

/** Prepares the page for a time without the service, and tells what became of the edits of such a time. */
export function OfflineSupport() {
  const isLive = useConnection().name === 'live';
  useEffect(() => {
    if (!isLive) return undefined;
    const timer = setTimeout(() => void loadForOffline(), LOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isLive]);
  return <ResumedEdits />;
}
