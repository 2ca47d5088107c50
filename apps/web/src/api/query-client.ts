import { SyncError } from '@meldesync/client';
import { QueryClient } from '@tanstack/react-query';

const MOST_RETRIES = 3;

/** Asks again only where the service says it can help. */
export function retryQuery(failures: number, error: Error): boolean {
  return error instanceof SyncError && error.retryable && failures < MOST_RETRIES;
}

/** Cache of everything that comes over HTTP and is not live. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: retryQuery,
      // A browser may be wrong about its network, and what waits for it would look as if it were loading.
      networkMode: 'always',
      refetchOnReconnect: true,
    },
  },
});
