import { waitUntil } from '../poll.ts';
import { serveCalls } from '../processes/remote.ts';
import { LightClient } from './light-client.ts';

/** Clients of a node, one in each of the workspaces. */
export interface IdleOrder {
  readonly url: string;
  /** Bearer tokens; the clients take turns with them. */
  readonly tokens: readonly string[];
  readonly epoch: string;
  readonly workspaces: readonly string[];
}

/** How many connect at the same time. */
const CONNECTING_AT_ONCE = 50;

let clients: LightClient[] = [];

const handlers = {
  /** Resolves when all are current; they read what there is from the beginning of the feed. */
  connect: async ({ url, tokens, epoch, workspaces }: IdleOrder): Promise<void> => {
    for (const [index, workspace] of workspaces.entries()) {
      const token = tokens[index % tokens.length] ?? '';
      clients.push(new LightClient({ system: 'meldesync', url, token, workspace, cursor: `${epoch}:0-0` }));
      if (index % CONNECTING_AT_ONCE === CONNECTING_AT_ONCE - 1) await allCurrent();
    }
    await allCurrent();
  },

  /** How many are current, and how many connections were made. */
  standing: async (_order: null): Promise<{ current: number; connections: number }> => ({
    current: clients.filter(({ currentAtMs }) => currentAtMs !== undefined).length,
    connections: clients.reduce((sum, client) => sum + client.connections, 0),
  }),

  /** Ends all connections. */
  close: async (_order: null): Promise<void> => {
    for (const client of clients) client.close();
    clients = [];
  },
};
export type IdleClientsProcess = typeof handlers;

async function allCurrent(): Promise<void> {
  const current = await waitUntil(() => clients.every(({ currentAtMs }) => currentAtMs !== undefined));
  if (!current) throw new Error('not every client became current');
}

serveCalls(handlers);
