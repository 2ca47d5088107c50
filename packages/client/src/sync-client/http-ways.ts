import type { Cursor, FramePosition, SnapshotPage } from '@meldesync/protocol';
import { createApi } from '../api/api.ts';
import type { LiveConnection } from '../connection/connection.ts';
import { createHttpEdits, type HttpEdits } from '../edits/http-edits.ts';
import { createManualRefresh, type ManualRefresh } from '../feed/manual-refresh.ts';
import { createRangePuller, type RangePuller } from '../feed/range-puller.ts';
import { createSnapshotLoader, type SnapshotLoader } from '../feed/snapshot-loader.ts';
import { createPatience } from '../timing/patience.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { SyncClientOptions } from '../types/sync-client.ts';
import type { ClientData } from './data.ts';
import type { ClientStatus } from './status.ts';

interface HttpWaysInput {
  readonly options: SyncClientOptions;
  readonly runtime: ClientRuntime;
  readonly status: ClientStatus;
  readonly data: ClientData;
  readonly connection: () => LiveConnection;
}

/** What goes over HTTP: snapshots, ranges, and everything while there is no WebSocket (R4.3). */
export interface HttpWays {
  /** Loads the snapshots of the connection. */
  readonly loader: SnapshotLoader;
  readonly puller: RangePuller;
  readonly manual: ManualRefresh;
  readonly edits: HttpEdits;
  /** There is a connection: pages of which nothing has come are asked for anew. */
  renew(): void;
}

/** Makes them; nothing is fetched before it is asked for. */
export function createHttpWays({ options, runtime, status, data, connection }: HttpWaysInput): HttpWays {
  const { workspace } = options;
  const { feed, edits, local } = data;
  const person = (): string | undefined => local?.user ?? status.session?.user;
  const api = createApi({
    baseUrl: options.baseUrl,
    fetch: options.fetch,
    person,
    onRefused(code) {
      if (code === 'signed-in-as-another') connection().dispatch({ type: 'signed-out' });
    },
  });
  const patience = createPatience(runtime);
  const framesPage = (input: { readonly after: Cursor; readonly upto?: FramePosition }, signal: AbortSignal) =>
    patience.ask(signal, (limited, onBegun) => api.framesPage(workspace, { ...input, signal: limited, onBegun }));
  /** The smallest page that there is, for its cursor: a client that keeps no records begins there. */
  const positionPage = async (call: { signal: AbortSignal; onBegun: () => void }): Promise<SnapshotPage> => {
    const page = await api.snapshotPage(workspace, { limit: 1, ...call });
    return { ...page, records: [], next: null };
  };
  const makeLoader = (): SnapshotLoader =>
    createSnapshotLoader({
      feed,
      fetchPage: (after, signal, edition) =>
        patience.ask(signal, (limited, onBegun) =>
          options.keepsRecords === false
            ? positionPage({ signal: limited, onBegun })
            : api.snapshotPage(workspace, { after, edition, signal: limited, onBegun }),
        ),
    });
  const manual = createManualRefresh({
    runtime,
    feed,
    fetchFrames: (after, signal) => framesPage({ after }, signal),
    loader: makeLoader(),
    onCurrent: data.seenCurrent,
    onFetching: status.announce,
    onLost: () => connection().rangeLost(),
    onEnd: () => puller.wake(),
  });
  const puller = createRangePuller({
    runtime,
    feed,
    fetchPage: framesPage,
    onProgress: status.announce,
    onTooOld: () => connection().rangeLost(),
    onDiverged: () => {
      connection().diverged();
      status.announce();
    },
  });
  return {
    loader: makeLoader(),
    manual,
    puller,
    renew: () => patience.renew(),
    edits: createHttpEdits({
      runtime,
      edits,
      post: ({ operation, items }, signal) => api.edit(workspace, { operation, items, signal }),
      async isSamePerson(signal) {
        // Asked although requests say who they are of: nodes up to 0.3.0 do not read that.
        const user = person();
        return user === undefined || (await api.me({ signal })).user.id === user;
      },
      refresh: () => manual.refresh(),
      onSignedOut: () => connection().dispatch({ type: 'signed-out' }),
    }),
  };
}
