import { type Api, createApi, SyncError } from '@meldesync/client';
import type { Me } from '@meldesync/protocol';
import type { CliContext, GlobalOptions } from '../context.ts';
import { CliError } from '../errors.ts';
import { type Access, resolveAccess } from './access.ts';
import { createFetch } from './fetch.ts';
import { openSignIns } from './sign-ins.ts';
import { tellLeftInKeyring } from './tell-left-in-keyring.ts';
import { chooseWorkspace } from './workspace.ts';

/** A server at which somebody is signed in. */
export interface Service {
  readonly access: Access;
  readonly fetch: typeof globalThis.fetch;
  readonly api: Api;
  readonly me: Me;
}

/** A service and the workspace a command works in. */
export interface WorkspaceService extends Service {
  readonly workspace: Me['workspaces'][number];
}

/** Signs in with what options, environment and settings hold, and asks the server who that is. */
export async function openService(context: CliContext, options: GlobalOptions): Promise<Service> {
  const { terminal } = context;
  const signIns = await openSignIns(terminal);
  const access = await resolveAccess(options, terminal.env, signIns);
  const isKept = access.source === 'keyring' || access.source === 'file';
  // The server signs a session anew, once the key that it was signed with is on its way out.
  const onToken = async (token: string) => {
    await signIns.keep(access.server, token, signIns.workspaceOf(access.server));
    tellLeftInKeyring(context, signIns, access.server);
  };
  return enterService(context, access, isKept ? onToken : undefined);
}

/** Asks a server who a token belongs to. Throws `notAServer`, `notSignedIn`, or what the server reports. */
export async function enterService(
  context: CliContext,
  access: Access,
  onToken?: (token: string) => Promise<void>,
): Promise<Service> {
  const { server, token } = access;
  const { language, terminal } = context;
  const fetch = createFetch({ server, language, token, signal: terminal.signal, ...(onToken && { onToken }) });
  const api = createApi({ baseUrl: server, fetch, language });
  try {
    return { access, fetch, api, me: await api.me() };
  } catch (error) {
    throw error instanceof SyncError ? explain(error, server) : error;
  }
}

/** Opens the service and settles on a workspace. */
export async function openWorkspace(context: CliContext, options: GlobalOptions): Promise<WorkspaceService> {
  const service = await openService(context, options);
  return { ...service, workspace: chooseWorkspace(service.me.workspaces, service.access.workspace) };
}

/** Another server answers the first request with an error page: no problem details, or no error at all. */
function explain(error: SyncError, server: string): Error {
  if (error.code === 'unauthenticated') return new CliError('notSignedIn', { server }, { cause: error });
  const isForeign = error.problem === null && (error.code === 'not-found' || error.code === 'internal');
  return isForeign && !(error.cause instanceof CliError)
    ? new CliError('notAServer', { server }, { cause: error })
    : error;
}
