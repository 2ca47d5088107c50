import { connectDatabase, type Database, makeSetUpLink, SYSTEM } from '@meldesync/db';
import { API_PREFIX } from '@meldesync/protocol';
import { type Cluster, type ClusterOptions, callHttp, type HttpCall, startCluster } from '@meldesync/testkit';
import { afterAll } from 'vitest';

/** Somebody with a bearer token. */
export interface Caller {
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
    url: cluster.database.appUrl,
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
        headers: { origin: cluster.url() },
        json: { email, password },
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return { token: response.headers.get('set-auth-token') ?? '' };
    },
  };
}
