import { SyncError } from '@meldesync/client';
import type { ResolutionRequest } from '@meldesync/protocol';
import { api } from '../../api/api.ts';
import { queryClient } from '../../api/query-client.ts';

const MOST_RETRIES = 5;

/**
 * Records how a conflict ended that needs no further edit (R5.2). While the browser is offline it waits, and it asks
 * again where that can help. Rejects with `SyncError`.
 */
export async function recordResolution(
  workspace: string,
  conflict: string,
  { resolution }: ResolutionRequest,
): Promise<void> {
  const mutation = queryClient.getMutationCache().build(queryClient, {
    mutationFn: () => api().resolveConflict(workspace, conflict, { resolution }),
    retry: (failures, error) => error instanceof SyncError && error.retryable && failures < MOST_RETRIES,
  });
  await mutation.execute(undefined);
}
