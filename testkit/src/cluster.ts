import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  type AdministrationApi,
  createAdministrationApi,
  createApi,
  createSyncClient,
  type SyncClient,
  type SyncClientOptions,
} from '@meldesync/client';
import { connectDatabase } from '@meldesync/db';
import { ResourceStack, VERSION } from '@meldesync/lifecycle';
import type { Role } from '@meldesync/protocol';
import { type Relay, startRelay } from '@meldesync/relay';
import { type NodeConfig, type SyncNode, startSyncNode } from '@meldesync/sync-node';
import { type Logger, NO_TRACING, startTracing, type Tracing } from '@meldesync/telemetry';
import { startWorker, type WorkerApp, type WorkerConfig } from '@meldesync/worker';
import { WebSocket } from 'ws';
import { type TestDegradation, testDegradation } from './degradation.ts';
import { freePort } from './free-port.ts';
import { createPeople, type SessionCookie, type TestPerson } from './people.ts';
import { type SampleOptions, sampleMeldebestaetigung } from './sample-records.ts';
import { asRole, createTestDatabase, type TestDatabase } from './test-database.ts';
import { startTestRedis, type TestRedis } from './test-redis.ts';

export interface ClusterOptions {
  /** Sync nodes; 2 unless said otherwise. */
  readonly nodes?: number;
  /** Serve the built web app. */
  readonly web?: boolean;
  readonly worker?: boolean;
  readonly relay?: boolean;
  /** Connections that a person may have at a node; as good as any number unless said otherwise, since few people stand for many. */
  readonly personConnections?: number;
  /** What a node takes, and what a worker keeps. */
  readonly importLimits?: Partial<NodeConfig['importLimits'] & WorkerConfig['importLimits']>;
  /** How long a worker pauses between two looks for records that were written past the triggers; 20 s unless said otherwise. */
  readonly sweepIntervalMs?: number;
  /** What a worker lets go of, and how soon it looks; it does neither that nor what erasures leave to do unless said so. */
  readonly retention?: Partial<WorkerConfig['retention']>;
  /** How long a worker pauses between two batches that it seals; a second unless said otherwise. */
  readonly sealIntervalMs?: number;
  /** What a worker signs checkpoints with, and where it puts them; it signs none unless said otherwise. */
  readonly checkpoints?: WorkerConfig['checkpoints'];
  /** A slot is there before the first relay, which standbys keep as well (PostgreSQL 17 and later); the relay makes one unless said so. */
  readonly hasFailoverSlot?: boolean;
  /** How long the relay keeps positions unconfirmed, in milliseconds. */
  readonly holdBackMs?: number;
  /** More changes than this in one transaction are told of by a range notice. */
  readonly rangeThreshold?: number;
  /** A Postgres of one's own, as a superuser's URL, in place of the one that all tests share. */
  readonly postgresUrl?: string;
  /** Independent Redis masters that grant locks; the cluster's own Redis unless given. */
  readonly lockRedisUrls?: readonly string[];
  /** Where each node finds its servers, such as behind a wire that can be cut; the cluster's own unless given. */
  readonly serversOfNode?: (own: NodeServers, node: number) => Promise<NodeServers>;
  /** Where the processes send their spans, such as a `TraceReceiver`'s; nowhere unless given. */
  readonly traces?: string;
  /** OTEL_TRACES_SAMPLER; everything is recorded unless given. */
  readonly sampler?: string | undefined;
  /** When work is saved; never unless said otherwise. */
  readonly degradation?: TestDegradation;
  /** Memory that a process may have. */
  readonly memoryLimitBytes?: number;
  /** Where relays find their servers; the cluster's own unless given. */
  readonly serversOfRelay?: (own: NodeServers) => Promise<NodeServers>;
  /** Single sign-on; none unless given. */
  readonly oidc?: (baseUrl: string) => NodeConfig['oidc'];
  /** Who may sign in with a password; everybody unless said otherwise. */
  readonly passwordPolicy?: NodeConfig['passwordPolicy'];
  /** What a node holds of sessions that is not as in the others, where all have the secret. */
  readonly sessionsOfNode?: (
    node: number,
    authSecret: string,
  ) => Partial<Pick<NodeConfig, 'authSecret' | 'previousAuthSecrets' | 'sessionLimits'>>;
  /** Who signs in with a password needs a second factor too; not unless said so. */
  readonly requiresSecondFactor?: boolean;
  /** The address that people open, such as a balancer's; each node's own unless given. */
  readonly baseUrl?: string;
  /** Balancers that the nodes believe; none unless given. */
  readonly trustedProxies?: readonly string[];
  /** A file with the certificate of the HTTPS in front. */
  readonly certificateFile?: string;
  /** Where nodes log to; the output of the process unless given. */
  readonly nodeLogger?: Logger;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Addresses of the servers that a node needs. */
export type NodeServers = Pick<NodeConfig, 'databaseUrl' | 'redisUrl'>;

/** A whole MeldeSync in one object: its own database and Redis, relay, worker and nodes, all real. */
export interface Cluster extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly redis: TestRedis;
  readonly nodes: readonly SyncNode[];
  /** Undefined without `relay`. */
  readonly relay: Relay | undefined;
  readonly redisPrefix: string;
  /** A first workspace. */
  readonly workspace: string;
  /** Starts one more relay, which stands by while another is active. */
  addRelay(name: string): Promise<Relay>;
  addWorker(name: string): Promise<WorkerApp>;
  /** Ends a relay, a worker or a node now, instead of with the cluster. */
  end(part: AsyncDisposable | undefined): Promise<void>;
  /** Origin of a node, such as `http://127.0.0.1:40123`. */
  url(node?: number): string;
  addWorkspace(name: string): Promise<string>;
  addPerson(name: string, membership?: { workspace: string; role: Role }): Promise<TestPerson>;
  /** One more session of a person, as the cookie that a browser would have after the form. */
  openSession(person: TestPerson): Promise<SessionCookie>;
  /** Puts sample records in by SQL; the internal id of each. */
  addRecords(
    count: number,
    options?: SampleOptions & { first?: number; workspace?: string; caseId?: string },
  ): Promise<number[]>;
  /** Runs SQL as the owner, as somebody with psql would. */
  sql(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** A client of the first workspace, not started; stopped with the cluster. */
  client(person: TestPerson, options?: { node?: number; workspace?: string; kind?: 'web' | 'cli' | 'api' }): SyncClient;
  /** The HTTP API as a person. */
  api(person: TestPerson, node?: number): ReturnType<typeof createApi>;
  /** That of administration. */
  administration(person: TestPerson, node?: number): AdministrationApi;
}

const PREFIX = 'test';
const HOUR_MS = 3_600_000;
const MANY_CONNECTIONS = 100_000;
/** As without settings. */
const SESSION_LIMITS = { idleMs: 12 * HOUR_MS, sharedIdleMs: HOUR_MS / 2, maxMs: 7 * 24 * HOUR_MS };

/** Nothing goes. */
const KEEPS_ALL: WorkerConfig['retention'] = {
  policy: { operations: null, 'import-rows': null, conflicts: null, events: null, changes: null },
  archiveFolder: undefined,
  mayDropUnarchived: false,
  everyHours: 0,
  lookMs: 0,
};

const WEB_DIR = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** Starts one. Long because it names, once, what each part is given; none of the parts is long. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  await using stack = new ResourceStack();
  const database = stack.use(await createTestDatabase(options.postgresUrl));
  const redis = stack.use(await startTestRedis({ prefix: PREFIX }));
  const redisPrefix = PREFIX;
  const logLevel = options.logLevel ?? 'error';
  const authSecret = randomBytes(32).toString('hex');
  const shared = {
    redisPrefix,
    adminPort: 0,
    logLevel,
    logFormat: 'json' as const,
    memoryLimitBytes: options.memoryLimitBytes,
  };

  const tracing = async (kind: string, instance: string): Promise<Tracing> =>
    options.traces === undefined
      ? NO_TRACING
      : stack.use(
          await startTracing({
            kind,
            instance,
            version: VERSION,
            hasActiveSpan: kind === 'worker',
            environment: { OTEL_EXPORTER_OTLP_ENDPOINT: options.traces, OTEL_TRACES_SAMPLER: options.sampler },
          }),
        );
  const ownOfRelay = { databaseUrl: database.urlAs('relay'), redisUrl: redis.urlAs('relay') };
  const parts = new Parts();
  stack.use(parts);
  const addRelay = async (name: string) =>
    parts.add(
      await startRelay(
        {
          ...shared,
          ...((await options.serversOfRelay?.(ownOfRelay)) ?? ownOfRelay),
          name,
          slot: database.slot,
          holdBackMs: options.holdBackMs ?? 60_000,
          streamLength: 200_000,
          streamBytes: 256 * 1024 * 1024,
          streamTotalBytes: 2 * 1024 * 1024 * 1024,
          streamAgeMs: 24 * 3_600_000,
          rangeThreshold: options.rangeThreshold ?? 100,
        },
        undefined,
        await tracing('relay', name),
      ),
    );
  const addWorker = async (name: string) =>
    parts.add(
      await startWorker(
        {
          ...shared,
          databaseUrl: database.urlAs('worker'),
          redisUrl: redis.urlAs('worker'),
          name,
          importConcurrency: 2,
          importLimits: { maxRejectedRows: 1_000, maxWarnedRows: 10_000, ...options.importLimits },
          sweepIntervalMs: options.sweepIntervalMs ?? 20_000,
          retention: { ...KEEPS_ALL, ...options.retention },
          sealIntervalMs: options.sealIntervalMs ?? 1_000,
          checkpoints: options.checkpoints,
        },
        undefined,
        await tracing('worker', name),
      ),
    );
  if (options.hasFailoverSlot === true)
    await database.sql(
      `select pg_create_logical_replication_slot($1, 'pgoutput', temporary => false, twophase => false, failover => true)`,
      [database.slot],
    );
  const relay = (options.relay ?? true) ? await addRelay('relay') : undefined;
  if (options.worker ?? true) await addWorker('worker');
  const nodes: SyncNode[] = [];
  for (let index = 0; index < (options.nodes ?? 2); index++) {
    const port = await freePort();
    const own = { databaseUrl: database.appUrl, redisUrl: redis.urlAs('node') };
    const servers = (await options.serversOfNode?.(own, index)) ?? own;
    const node = await startSyncNode(
      {
        ...shared,
        ...servers,
        databasePool: 10,
        personConnections: options.personConnections ?? MANY_CONNECTIONS,
        // On the same way as the rest, such as behind a wire that can be cut.
        authDatabaseUrl: asRole(servers.databaseUrl, 'auth'),
        authDatabasePool: 5,
        name: `node-${index + 1}`,
        host: '127.0.0.1',
        port,
        authSecret,
        previousAuthSecrets: [],
        sessionLimits: SESSION_LIMITS,
        ...options.sessionsOfNode?.(index, authSecret),
        baseUrl: options.baseUrl ?? `http://127.0.0.1:${port}`,
        trustedOrigins: [],
        trustedProxies: options.trustedProxies ?? [],
        webDir: options.web ? WEB_DIR : undefined,
        importLimits: {
          maxBytes: 32 * 1024 * 1024,
          maxWaitingFiles: 1_000,
          maxWaitingBytes: 1024 * 1024 * 1024,
          ...options.importLimits,
        },
        oidc: options.oidc?.(`http://127.0.0.1:${port}`),
        passwordPolicy: options.passwordPolicy ?? 'on',
        requiresSecondFactor: options.requiresSecondFactor ?? false,
        certificateFile: options.certificateFile,
        degradation: testDegradation(options.degradation ?? {}),
        lockRedisUrls: options.lockRedisUrls ?? [],
      },
      options.nodeLogger,
      await tracing('node', `node-${index + 1}`),
    );
    nodes.push(parts.add(node));
  }
  const url = (node = 0) => `http://127.0.0.1:${nodes[node % nodes.length]?.port}`;
  let isEnding = false;
  const ownDatabase = stack.use(
    connectDatabase({
      url: database.authUrl,
      maxConnections: 2,
      applicationName: 'test',
      onConnectionError: (error) => {
        // The database goes with the cluster, and its pool does not wait for its connections to be closed. A Postgres of
        // one's own is there to be stopped.
        if (!isEnding && options.postgresUrl === undefined) throw error;
      },
    }),
  );
  const people = createPeople({ database: ownDatabase, authSecret, baseUrl: options.baseUrl ?? url() });
  const workspace = await people.addWorkspace('Testklinik');
  if (relay) await waitForFeed(database);

  const owned = stack.move();
  const access = (person: TestPerson, node: number) => clientAccess(url(node), person.token);
  return {
    database,
    redis,
    nodes,
    relay,
    redisPrefix,
    workspace,
    addRelay,
    addWorker,
    end: (part) => parts.end(part),
    url,
    ...people,
    addRecords: (count, record = {}) => addRecords(database, { workspace, first: 1, ...record, count }),
    sql: database.sql,
    client: (person, { node = 0, workspace: chosen = workspace, kind = 'web' } = {}) => {
      const client = createSyncClient({
        ...access(person, node),
        workspace: chosen,
        client: { kind, version: 'test' },
      });
      owned.defer(() => client.stop());
      return client;
    },
    api: (person, node = 0) => createApi(access(person, node)),
    administration: (person, node = 0) => createAdministrationApi(access(person, node)),
    [Symbol.asyncDispose]: () => {
      isEnding = true;
      return owned[Symbol.asyncDispose]();
    },
  };
}

/** What of a cluster may end before it. */
class Parts implements AsyncDisposable {
  readonly #running: AsyncDisposable[] = [];

  add<Part extends AsyncDisposable>(part: Part): Part {
    this.#running.push(part);
    return part;
  }

  async end(part: AsyncDisposable | undefined): Promise<void> {
    const index = part ? this.#running.indexOf(part) : -1;
    if (index < 0) return;
    this.#running.splice(index, 1);
    await part?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#running.toReversed()) await this.end(part);
  }
}

/** How a program without a browser reaches a node: with a bearer token on every request and on the WebSocket. */
export function clientAccess(
  baseUrl: string,
  token: string,
): Pick<SyncClientOptions, 'baseUrl' | 'fetch' | 'openSocket'> {
  const authorization = `Bearer ${token}`;
  return {
    baseUrl,
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', authorization);
      return fetch(input, { ...init, headers });
    },
    openSocket: (url, subprotocol) => new WebSocket(url, subprotocol, { headers: { authorization } }),
  };
}

async function addRecords(
  database: TestDatabase,
  options: SampleOptions & { count: number; first: number; workspace: string; caseId?: string },
): Promise<number[]> {
  const samples = Array.from({ length: options.count }, (_, index) =>
    sampleMeldebestaetigung(options.first + index, options),
  );
  const rows = await database.sql(
    `insert into records (workspace_id, vorgangsnummer, ibe, case_id)
     select $1, v, i, $4 from unnest($2::text[], $3::text[]) as sample(v, i) returning id`,
    [options.workspace, samples.map((s) => s.vorgangsnummer), samples.map((s) => s.ibe), options.caseId ?? null],
  );
  return rows.map((row) => Number(row['id']));
}

/** Nodes answer once the relay has begun an epoch: it waits for what others have open in the same server, at most 50 s. */
async function waitForFeed(database: TestDatabase): Promise<void> {
  for (let attempt = 0; attempt < 2_000; attempt++) {
    const rows = await database.sql('select epoch from feed_state');
    if (rows.length > 0) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
  throw new Error('the relay has begun no epoch');
}
