import { type EditIntent, type SettledEdit, SyncError } from '@meldesync/client';
import type { CliContext } from '../context.ts';
import { withConnection } from '../session/live-records.ts';
import type { WorkspaceService } from '../session/service.ts';

/**
 * Sends what is wanted as one edit over a connection of its own, so that it is on record as one of a terminal, and says what became of
 * each. A connection that is lost meanwhile comes back, and the edit is made once. Throws like `withConnection`, and what the server refused.
 */
export async function sendEdit(
  context: CliContext,
  service: WorkspaceService,
  intents: readonly EditIntent[],
): Promise<SettledEdit[]> {
  if (intents.length === 0) return [];
  const items = intents.map(({ seen, set, resolves }) => ({
    record: seen.id,
    baseVersion: seen.version,
    set,
    ...(resolves === undefined ? {} : { resolves }),
  }));
  const outcomes = await withConnection(context, service, (client) => client.edit(items));
  return intents.map((intent, at) => {
    const outcome = outcomes[at];
    if (outcome === undefined) throw new SyncError('internal');
    return { ...intent, outcome };
  });
}
