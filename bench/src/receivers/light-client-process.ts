import { comparePositions } from '@meldesync/protocol';
import { LatencyHistogram } from '../measure/latency-histogram.ts';
import { waitUntil } from '../poll.ts';
import { serveCalls } from '../processes/remote.ts';
import { LightClient } from './light-client.ts';

/** Light clients to open. */
export interface LightOrder {
  /** Origin of the nodes. */
  readonly url: string;
  /** Bearer tokens; the clients take turns with them. */
  readonly tokens: readonly string[];
  readonly workspace: string;
  readonly cursor: string;
  readonly clients: number;
}

/** Where the light clients of a process stand. */
export interface LightStanding {
  readonly current: number;
  /** When the last of them became current, in epoch milliseconds; 0 when none is. */
  readonly lastCurrentAtMs: number;
  /** How long each took from the time that was asked about: a `LatencyHistogram`. */
  readonly tookMs: string;
  /** Position of the one that is furthest behind. */
  readonly behind: string;
  /** Frames that did not follow on the one before, and frames that came again. */
  readonly gaps: number;
  readonly repeated: number;
  readonly connections: number;
}

/** How many connect at the same time. */
const CONNECTING_AT_ONCE = 100;

let clients: LightClient[] = [];

const handlers = {
  /** Resolves when all are current. */
  connect: async ({ clients: count, url, tokens, workspace, cursor }: LightOrder): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const token = tokens[index % tokens.length] ?? '';
      clients.push(new LightClient({ system: 'meldesync', url, token, workspace, cursor }));
      if (index % CONNECTING_AT_ONCE === CONNECTING_AT_ONCE - 1) await allCurrent();
    }
    await allCurrent();
  },

  standing: async ({ sinceMs }: { sinceMs: number }): Promise<LightStanding> => {
    const times = clients.flatMap(({ currentAtMs }) => currentAtMs ?? []);
    const tookMs = new LatencyHistogram();
    for (const time of times) tookMs.record(time - sinceMs);
    return {
      current: times.length,
      lastCurrentAtMs: times.reduce((last, time) => Math.max(last, time), 0),
      tookMs: tookMs.encode(),
      behind: clients.map(({ position }) => position).reduce((a, b) => (comparePositions(a, b) <= 0 ? a : b)),
      gaps: clients.reduce((sum, client) => sum + client.gaps, 0),
      repeated: clients.reduce((sum, client) => sum + client.repeated, 0),
      connections: clients.reduce((sum, client) => sum + client.connections, 0),
    };
  },

  /** Ends all connections. */
  close: async (_order: null): Promise<void> => {
    for (const client of clients) client.close();
    clients = [];
  },
};
export type LightClientProcess = typeof handlers;

async function allCurrent(): Promise<void> {
  const current = await waitUntil(() => clients.every(({ currentAtMs }) => currentAtMs !== undefined));
  if (!current) throw new Error('not every client became current');
}

serveCalls(handlers);
