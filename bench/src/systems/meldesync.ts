import { randomBytes } from 'node:crypto';
import { connectDatabase, type Database, getFeedState } from '@meldesync/db';
import { ResourceStack } from '@meldesync/lifecycle';
import {
  createTestDatabase,
  eventually,
  serverPort,
  startBalancer,
  startTestRedis,
  type TestBalancer,
  type TestDatabase,
  type TestRedis,
} from '@meldesync/testkit';
import type { BenchContext } from '../context.ts';
import { PATIENCE_MS } from '../poll.ts';
import { builtProgram, type Program, startProgram } from '../processes/program.ts';
import { createServerPart, type ServerPart } from '../processes/server-part.ts';
import { addPeople, type BenchPerson } from './add-people.ts';
import { addRecords } from './add-records.ts';
import { redisPid } from './redis-pid.ts';

/** A MeldeSync as `npm start` runs it, every part in a process of its own, with its own database and Redis. */
export interface Meldesync extends AsyncDisposable {
  readonly nodes: readonly ServerPart[];
  /** The one that feeds Redis first, then those on standby. */
  readonly relays: readonly ServerPart[];
  readonly redis: TestRedis;
  /** In front of the nodes, where that was asked for. */
  readonly balancer: TestBalancer | undefined;
  /** Origins of the sync nodes; the same one for all where they share a port, or a balancer has it. */
  readonly urls: readonly string[];
  readonly workspace: string;
  /** Internal ids; every record is at version 1. */
  readonly records: readonly number[];
  /** Editors of the workspace. */
  readonly people: readonly BenchPerson[];
  /** The database as the application's role. */
  readonly database: Database;
  readonly nodePids: readonly number[];
  readonly relayPid: number;
  readonly workerPid: number;
  readonly redisPid: number;
  /** The database as its owner, as psql would be. */
  readonly ownerUrl: string;
}

export interface MeldesyncOptions {
  readonly records: number;
  readonly people?: number;
  /** The nodes share a port, as `npm start` runs them: who connects gets one of those that are there. */
  readonly sharesPort?: boolean;
  /** Three nodes with ports of their own behind HAProxy, and a second relay. */
  readonly isBalanced?: boolean;
  /** A second relay stands by. */
  readonly hasStandby?: boolean;
  /** Settings of all processes besides the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Settings of the relays besides the usual ones. */
  readonly relaySettings?: Readonly<Record<string, string>>;
  /** Node's arguments for the sync nodes besides the usual ones. */
  readonly nodeArguments?: readonly string[];
}

type ProgramName = 'relay' | 'worker' | 'sync-node';
/** Starts a process of the built programs under a name, with settings of its own. */
type StartPart = (name: string, program: ProgramName, environment: Record<string, string>) => Promise<ServerPart>;

const PREFIX = 'bench';
const NODES = ['node-1', 'node-2'];
const BALANCED_NODES = [...NODES, 'node-3'];
const USUAL_PEOPLE = 4;
/** Connections to Postgres of the benchmark itself. */
const OWN_CONNECTIONS = 8;

/** Starts relay, worker and sync nodes from the built programs and waits until they serve. */
export async function startMeldesync(context: BenchContext, options: MeldesyncOptions): Promise<Meldesync> {
  await using stack = new ResourceStack();
  const testDatabase = stack.use(await createTestDatabase());
  const redis = stack.use(await startTestRedis({ prefix: PREFIX }));
  const database = stack.use(
    connectDatabase({
      url: testDatabase.appUrl,
      maxConnections: OWN_CONNECTIONS,
      applicationName: 'meldesync-bench',
      onConnectionError: context.fail,
    }),
  );
  const authSecret = randomBytes(32).toString('hex');
  // A few people stand for many.
  const shared = { REDIS_PREFIX: PREFIX, LOG_LEVEL: 'warn', PERSON_CONNECTIONS: '100000' };
  // A stack of its own: a part that is started again later belongs to it too.
  const programs = stack.use(new ResourceStack());
  const run = (name: string, program: ProgramName, environment: Record<string, string>): Program =>
    programs.use(
      startProgram({
        context,
        name,
        args: [...(program === 'sync-node' ? (options.nodeArguments ?? []) : []), ...builtProgram(program)],
        environment: {
          ...shared,
          REDIS_URL: redis.urlAs(program === 'sync-node' ? 'node' : program),
          ...options.settings,
          NODE_NAME: name,
          ...environment,
        },
        isServer: true,
      }),
    );
  const startPart: StartPart = async (name, program, environment) => {
    const adminPort = String(await serverPort());
    return createServerPart({
      name,
      ...(environment['BASE_URL'] === undefined ? {} : { url: environment['BASE_URL'] }),
      adminUrl: `http://127.0.0.1:${adminPort}`,
      run: () => run(name, program, { ...environment, ADMIN_PORT: adminPort }),
    });
  };

  const hasEpoch = async (): Promise<void> => {
    context.signal.throwIfAborted();
    if (!(await getFeedState(database.drizzle))) throw new Error('the relay has begun no epoch');
  };
  const relays: ServerPart[] = [];
  for (const name of (options.hasStandby ?? options.isBalanced) ? ['relay', 'relay-2'] : ['relay']) {
    const settings = { DATABASE_URL: testDatabase.urlAs('relay'), REPLICATION_SLOT: testDatabase.slot };
    relays.push(await startPart(name, 'relay', { ...options.relaySettings, ...settings }));
    // So that the first one is the active one.
    await eventually(hasEpoch, PATIENCE_MS);
  }
  const worker = run('worker', 'worker', { DATABASE_URL: testDatabase.urlAs('worker') });
  const { nodes, port, nodePorts } = await startNodes(startPart, { ...testDatabase, authSecret }, options);
  const balancer = options.isBalanced ? stack.use(await startBalancer({ port, nodePorts })) : undefined;
  for (const part of [...relays, ...nodes]) await part.ready();
  await balancer?.whole();

  const [made] = await testDatabase.sql(`insert into workspaces (name) values ('Benchmark') returning id`);
  const workspace = String(made?.['id']);
  const people = await addPeople({
    ownerUrl: testDatabase.ownerUrl,
    authSecret,
    workspace,
    count: options.people ?? USUAL_PEOPLE,
  });
  const records = await addRecords(testDatabase.ownerUrl, workspace, options.records);
  const [relay] = relays;
  if (!relay) throw new Error('there is no relay');
  const owned = stack.move();
  return {
    nodes,
    relays,
    redis,
    balancer,
    ownerUrl: testDatabase.ownerUrl,
    urls: nodes.flatMap(({ url }) => url ?? []),
    workspace,
    records,
    people,
    database,
    nodePids: nodes.map(({ pid }) => pid),
    relayPid: relay.pid,
    workerPid: worker.pid,
    redisPid: await redisPid(redis),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** @returns the nodes, the port where people come in where that is one for all, and those where the nodes listen */
async function startNodes(
  startPart: StartPart,
  { appUrl, authUrl, authSecret }: Pick<TestDatabase, 'appUrl' | 'authUrl'> & { readonly authSecret: string },
  { sharesPort = false, isBalanced = false }: Pick<MeldesyncOptions, 'sharesPort' | 'isBalanced'>,
): Promise<{ nodes: ServerPart[]; port: number; nodePorts: number[] }> {
  const nodes: ServerPart[] = [];
  const nodePorts: number[] = [];
  const commonPort = await serverPort();
  for (const name of isBalanced ? BALANCED_NODES : NODES) {
    const port = sharesPort && !isBalanced ? commonPort : await serverPort();
    nodePorts.push(port);
    const url = `http://127.0.0.1:${isBalanced ? commonPort : port}`;
    const settings = {
      DATABASE_URL: appUrl,
      AUTH_DATABASE_URL: authUrl,
      AUTH_SECRET: authSecret,
      HOST: '127.0.0.1',
      PORT: String(port),
      BASE_URL: url,
    };
    nodes.push(
      await startPart(name, 'sync-node', isBalanced ? { ...settings, TRUSTED_PROXIES: '127.0.0.1' } : settings),
    );
  }
  return { nodes, port: commonPort, nodePorts };
}
