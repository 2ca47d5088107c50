import { mayAudit } from '@meldesync/protocol';
import { useRole } from '../../sync/use-connection.ts';

/** Whether the person may see who did what in the open workspace. */
export function useMayAudit(): boolean {
  return mayAudit(useRole());
}
