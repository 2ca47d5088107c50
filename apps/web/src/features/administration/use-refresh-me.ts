import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { meQuery } from '../../api/queries.ts';

/** Asks anew who one is and where one belongs, after that may have changed; the page follows. Rejects with `SyncError`. */
export function useRefreshMe(): () => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async () => {
    const before = queryClient.getQueryData(meQuery.queryKey);
    const now = await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
    // What did not change keeps its identity.
    if (now !== before) await router.invalidate();
  };
}
