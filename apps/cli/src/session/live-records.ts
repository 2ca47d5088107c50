import {
  type ConnectionState,
  createSyncClient,
  type SyncClient,
  type SyncClientOptions,
  SyncError,
} from '@meldesync/client';
import { type CliContext, printAside, printDebug } from '../context.ts';
import { CliError } from '../errors.ts';
import { createStatusLine } from '../output/status-line.ts';
import { VERSION } from '../version.ts';
import type { WorkspaceService } from './service.ts';
import { createSocketOpener } from './socket.ts';

/** Attempts after which a command that wants an answer gives up; `watch` never does. */
const ATTEMPTS = 4;
/** So long such a command waits for a service that lets it in and hears no news: a little longer than a feed takes to change hands. */
const NEWS_MS = 8_000;

/** What a command wants of its client beside the usual. */
type ClientNeeds = Pick<SyncClientOptions, 'onPassed' | 'keepsRecords' | 'onNews'>;

/** A client of the workspace, not yet started. */
export function createClient(context: CliContext, service: WorkspaceService, needs: ClientNeeds = {}): SyncClient {
  return createSyncClient({
    baseUrl: service.access.server,
    workspace: service.workspace.id,
    client: { kind: 'cli', version: VERSION },
    fetch: service.fetch,
    openSocket: createSocketOpener(service.access.token),
    onError: (error) => printDebug(context, error),
    ...needs,
  });
}

/**
 * Runs `work` once every record of the workspace is loaded and the connection is live, and ends the connection
 * afterwards. Throws `connectionLost` after some attempts in a row, before or during the work, `noNews` where the service hears
 * nothing for `NEWS_MS` before the work (nobody relays), `interrupted` on Ctrl-C, or what the server refused. Work that `endsItself` sees to Ctrl-C and to the connection from its beginning on, so that
 * it can bring what it holds to a good end.
 */
export async function withRecords<T>(
  context: CliContext,
  service: WorkspaceService,
  work: (client: SyncClient) => Promise<T>,
  { endsItself = false, ...options }: { readonly endsItself?: boolean } & ClientNeeds = {},
): Promise<T> {
  const { terminal, t } = context;
  const { server } = service.access;
  const client = createClient(context, service, options);
  const statusLine = createStatusLine(terminal.stderr);
  const ending = new AbortController();
  let noNews: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      let isLoaded = false;
      const look = (state: ConnectionState) => {
        if (isLoaded && endsItself) return;
        const isStale = state.name === 'manual' && state.isConnected === true;
        if (isStale && !isLoaded) noNews ??= setTimeout(() => reject(new CliError('noNews', { server })), NEWS_MS);
        const error = finalError(state, server);
        if (error !== undefined) reject(error);
        else if (state.name === 'reconnecting' && state.attempt >= ATTEMPTS) {
          reject(new CliError('connectionLost', { server }));
        } else if (state.name === 'loading' && !isLoaded && options.keepsRecords !== false) {
          const { loaded, total } = state;
          statusLine.show(total === null ? t('list.loading') : t('list.loaded', { loaded, total }));
        } else if (state.name === 'live' && client.fetching === 0 && !isLoaded) {
          isLoaded = true;
          clearTimeout(noNews);
          statusLine.clear();
          if (client.unreadable > 0) printAside(context, t('list.unreadable', { count: client.unreadable }));
          work(client).then(resolve, reject);
        }
      };
      onAbort(ending.signal, client.onConnection(look));
      onAbort(
        terminal.signal,
        () => {
          if (!(isLoaded && endsItself)) reject(new CliError('interrupted'));
        },
        ending.signal,
      );
      client.start();
    });
  } finally {
    clearTimeout(noNews);
    ending.abort();
    client.stop();
    statusLine.clear();
  }
}

/** The same with a client that keeps no records: work that knows which ones it wants need not wait for all of them. */
export function withConnection<T>(
  context: CliContext,
  service: WorkspaceService,
  work: (client: SyncClient) => Promise<T>,
  { endsItself = false }: { readonly endsItself?: boolean } = {},
): Promise<T> {
  return withRecords(context, service, work, { endsItself, keepsRecords: false });
}

/** The error of a connection state in which nothing more will come by itself. */
export function finalError(state: ConnectionState, server: string): Error | undefined {
  if (state.name === 'needs-sign-in') return new CliError('notSignedIn', { server });
  return state.name === 'refused' ? new SyncError(state.code) : undefined;
}

/** Calls back when `signal` is aborted, now or later, unless `until` is first. */
export function onAbort(signal: AbortSignal, callback: () => void, until?: AbortSignal): void {
  if (signal.aborted) callback();
  else signal.addEventListener('abort', callback, { once: true, ...(until === undefined ? {} : { signal: until }) });
}
