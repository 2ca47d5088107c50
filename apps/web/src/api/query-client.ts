import { SyncError } from '@meldesync/client';
import { QueryClient } from '@tanstack/react-query';

const MOST_RETRIES = 3;

/** Cache of everything that comes over HTTP and is not live. Asks again only where the service says it can help. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => error instanceof SyncError && error.retryable && failures < MOST_RETRIES,
    },
  },
});
