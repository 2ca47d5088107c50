import { connectDatabase, type Database, makeSetUpLink, SYSTEM } from '@meldesync/db';
import { API_PREFIX, SESSION_KIND_HEADER, TOKEN_HEADER } from '@meldesync/protocol';
import {
  type Cluster,
  type ClusterOptions,
  callHttp,
  type HttpCall,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll } from 'vitest';

/** Somebody with a bearer token. */
interface Caller {
  readonly token: string;
}

/** A cluster in which nobody is yet, and what administers it. */
export interface AdministrationSetup {
  readonly cluster: Cluster;
  readonly database: Database;
  /** The secret of a new set-up link. */
  readonly setUpSecret: () => Promise<string>;
  /** Calls a path of the API. */
  readonly call: (
    path: string,
    call?: Omit<HttpCall, 'as'> & { as?: Caller | undefined; node?: number },
  ) => Promise<Response>;
  /** The same, and its JSON; throws unless it was carried out. */
  readonly done: <Answer = unknown>(
    path: string,
    call?: Omit<HttpCall, 'as'> & { as?: Caller | undefined },
  ) => Promise<Answer>;
  readonly signIn: (email: string, password: string) => Promise<Caller>;
}

export const PASSWORD = 'viele-gelbe-Fahrraeder-7';

export async function setUpAdministration(options: ClusterOptions = {}): Promise<AdministrationSetup> {
  const cluster = await startCluster({ nodes: 1, worker: false, ...options });
  const database = connectDatabase({
    url: cluster.database.authUrl,
    maxConnections: 2,
    applicationName: 'test-administration',
    onConnectionError: () => undefined,
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });
  const call: AdministrationSetup['call'] = (path, { as, ...rest } = {}) =>
    callHttp(cluster, `${API_PREFIX}${path}`, {
      ...rest,
      headers: { ...rest.headers, ...(as ? { authorization: `Bearer ${as.token}` } : {}) },
    });
  return {
    cluster,
    database,
    call,
    setUpSecret: async () => {
      const link = await makeSetUpLink(database, SYSTEM);
      if (!link) throw new Error('set up already');
      return link.secret;
    },
    done: async (path, request) => {
      const response = await call(path, request);
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    signIn: async (email, password) => {
      const response = await callHttp(cluster, '/api/auth/sign-in/email', {
        method: 'POST',
        headers: { origin: cluster.url(), [SESSION_KIND_HEADER]: 'terminal' },
        json: { email, password },
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return { token: response.headers.get(TOKEN_HEADER) ?? '' };
    },
  };
}

/** Somebody in each position that rights depend on. */
export type Position = 'outsider' | 'viewer' | 'editor' | 'auditor' | 'admin' | 'installation';

export const POSITIONS: readonly Position[] = ['outsider', 'viewer', 'editor', 'auditor', 'admin', 'installation'];

/** A person in each of them; who administers the installation is a member of no workspace. */
export async function addTeam(cluster: Cluster): Promise<Record<Position, TestPerson>> {
  const { workspace } = cluster;
  const team = {
    outsider: await cluster.addPerson('Olga Fremd'),
    viewer: await cluster.addPerson('Vera Lesen', { workspace, role: 'viewer' }),
    editor: await cluster.addPerson('Emil Team', { workspace, role: 'editor' }),
    auditor: await cluster.addPerson('Ruth Revision', { workspace, role: 'auditor' }),
    admin: await cluster.addPerson('Adele Leitung', { workspace, role: 'admin' }),
    installation: await cluster.addPerson('Ina Thal'),
  };
  await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [team.installation.id]);
  return team;
}

/** As if they had proved who they are that long ago. */
export async function age(cluster: Cluster, person: { readonly id: string }, minutes: number): Promise<void> {
  await cluster.sql(`update auth.session set authenticated_at = now() - make_interval(mins => $2) where user_id = $1`, [
    person.id,
    minutes,
  ]);
}
