import { createSyncClient } from '@meldesync/client';
import { waitUntil } from '../../poll.ts';
import { tokenAccess } from '../../systems/access.ts';
import type { Stage } from './stage.ts';

/**
 * Opens a workspace that nobody had open before on each node: what a node still has from before the fault is of no help
 * there.
 * @returns the nodes on which its screen did not become live in time
 */
export async function nodesWithoutNewcomers(stage: Stage, limitMs: number): Promise<string[]> {
  const { id: workspace } = await stage.addWorkspace();
  const token = stage.people[0]?.token ?? '';
  const late = await Promise.all(
    stage.nodeUrls.map(async (url, index) => {
      const client = createSyncClient({
        ...tokenAccess(url, token),
        workspace,
        client: { kind: 'web', version: 'bench' },
      });
      client.start();
      const isLive = await waitUntil(() => client.connection.name === 'live', limitMs);
      client.stop();
      return isLive ? [] : [stage.nodes[index]?.name ?? ''];
    }),
  );
  return late.flat();
}
