import { randomBytes } from 'node:crypto';
import { ResourceStack } from '@meldesync/lifecycle';
import {
  type BreakablePostgres,
  createTestDatabase,
  eventually,
  type FaultProxy,
  runSql,
  sampleMeldebestaetigung,
  serverPort,
  startBreakablePostgres,
  startFaultProxy,
  startTestRedis,
  type TestDatabase,
  type TestRedis,
} from '@meldesync/testkit';
import type { BenchContext } from '../../context.ts';
import { PATIENCE_MS } from '../../poll.ts';
import { builtProgram, startProgram, steppableClock } from '../../processes/program.ts';
import { type SupervisedPart, superviseProgram } from '../../processes/supervised-part.ts';
import { addPeople, type BenchPerson } from '../../systems/add-people.ts';

/** Between whom a line runs. Both nodes share theirs to Redis and to Postgres. */
export const LINE_NAMES = [
  'node-redis',
  'relay-redis',
  'worker-redis',
  'node-postgres',
  'relay-postgres',
  'worker-postgres',
  'client-node-1',
  'client-node-2',
] as const;
export type LineName = (typeof LINE_NAMES)[number];

/** A whole MeldeSync whose every part, and every line between two, can be broken and mended. */
export interface Stage extends AsyncDisposable {
  readonly postgres: BreakablePostgres;
  readonly redis: TestRedis;
  readonly lines: Readonly<Record<LineName, FaultProxy>>;
  /** Origin of Redis, past every line that is broken. */
  readonly redisUrl: string;
  readonly nodes: readonly SupervisedPart[];
  /** The one that feeds Redis first, then the one on standby. */
  readonly relays: readonly SupervisedPart[];
  readonly worker: SupervisedPart;
  readonly parts: readonly SupervisedPart[];
  /** The database as its owner, as psql would be, past every line that is broken. */
  readonly ownerUrl: string;
  readonly slot: string;
  readonly redisPrefix: string;
  /** Origins of the nodes past every line. */
  readonly nodeUrls: readonly string[];
  /** Editors of every workspace. */
  readonly people: readonly BenchPerson[];
  addWorkspace(): Promise<StageWorkspace>;
  /** Everybody finds Postgres, or Redis, at another port from now on. */
  movePostgres(port: number): void;
  moveRedis(port: number): void;
  /** Something that ends with it. */
  adopt<Part extends AsyncDisposable>(part: Part): Part;
}

export interface StageWorkspace {
  readonly id: string;
  /** Internal ids of its records. */
  readonly records: readonly number[];
}

export interface StageOptions {
  /** Postgres is on a disk of its own that can be filled. */
  readonly hasSmallDisk?: boolean;
  /** Settings of the worker besides the usual ones. */
  readonly workerSettings?: Readonly<Record<string, string>>;
}

const SMALL_DISK_BYTES = 1024 * 1024 * 1024;
const PEOPLE = 10;
const RECORDS = 60;
const PREFIX = 'faults';
/** A subscription on the wire, RESP. */
const SUBSCRIPTION = /\r\nS?SUBSCRIBE\r\n/i;

/** Starts one. */
export async function startStage(context: BenchContext, options: StageOptions = {}): Promise<Stage> {
  await using stack = new ResourceStack();
  const postgres = stack.use(await startBreakablePostgres(options.hasSmallDisk ? { diskBytes: SMALL_DISK_BYTES } : {}));
  // It goes with its server.
  const { ownerUrl: databaseUrl, urlAs, slot } = await createTestDatabase(postgres.url);
  const redis = stack.use(await startTestRedis({ prefix: PREFIX }));
  const nodePorts = [await serverPort(), await serverPort()];
  const redisPort = Number(new URL(redis.url).port);
  const portOf = (name: LineName): number => {
    if (name.startsWith('client')) return nodePorts[name === 'client-node-1' ? 0 : 1] ?? 0;
    return name.endsWith('redis') ? redisPort : postgres.port;
  };
  const lines = {} as Record<LineName, FaultProxy>;
  for (const name of LINE_NAMES)
    lines[name] = stack.use(await startFaultProxy({ port: portOf(name), mark: SUBSCRIPTION }));
  const over = (url: string, line: LineName): string => withPort(url, lines[line].port);
  const own = {
    postgres: stack.use(await startFaultProxy({ port: postgres.port })),
    redis: stack.use(await startFaultProxy({ port: redisPort })),
  };
  const ownerUrl = withPort(databaseUrl, own.postgres.port);
  const move = (what: 'postgres' | 'redis', port: number): void => {
    own[what].retarget(port);
    for (const name of LINE_NAMES) if (name.endsWith(what)) lines[name].retarget(port);
  };

  const servers = { urlAs, redisUrlAs: redis.urlAs, slot };
  const authSecret = randomBytes(32).toString('hex');
  const workerSettings = options.workerSettings ?? {};
  const started = await startParts(context, stack, { ownerUrl, servers, authSecret, nodePorts, over, workerSettings });
  const first = await addWorkspace(ownerUrl, []);
  const people = await addPeople({ ownerUrl, authSecret, workspace: first.id, count: PEOPLE });
  const owned = stack.move();
  return {
    postgres,
    redis,
    lines,
    ...started,
    ownerUrl,
    slot,
    redisPrefix: PREFIX,
    nodeUrls: nodePorts.map((port) => `http://127.0.0.1:${port}`),
    people,
    redisUrl: withPort(redis.url, own.redis.port),
    addWorkspace: () => addWorkspace(ownerUrl, people),
    movePostgres: (port) => move('postgres', port),
    moveRedis: (port) => move('redis', port),
    adopt: (part) => owned.use(part),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

interface PartsOrder {
  readonly ownerUrl: string;
  readonly servers: {
    readonly urlAs: TestDatabase['urlAs'];
    readonly redisUrlAs: TestRedis['urlAs'];
    readonly slot: string;
  };
  readonly authSecret: string;
  readonly nodePorts: readonly number[];
  /** An address over a line. */
  readonly over: (url: string, line: LineName) => string;
  readonly workerSettings: Readonly<Record<string, string>>;
}

async function startParts(
  context: BenchContext,
  stack: ResourceStack,
  { ownerUrl, servers, authSecret, nodePorts, over, workerSettings }: PartsOrder,
) {
  const { urlAs, redisUrlAs, slot } = servers;
  // A few people stand for many.
  const shared = { REDIS_PREFIX: PREFIX, LOG_LEVEL: 'silent', PERSON_CONNECTIONS: '100000' };
  const start = async (name: string, program: 'relay' | 'worker' | 'sync-node', own: Record<string, string>) => {
    const adminPort = String(await serverPort());
    const kind = program === 'sync-node' ? 'node' : program;
    const environment = {
      ...shared,
      DATABASE_URL: over(urlAs(program === 'sync-node' ? 'app' : program), `${kind}-postgres`),
      ...(program === 'sync-node'
        ? { AUTH_DATABASE_URL: over(urlAs('auth'), 'node-postgres'), AUTH_SECRET: authSecret }
        : {}),
      REDIS_URL: over(redisUrlAs(kind), `${kind}-redis`),
      NODE_NAME: name,
      ADMIN_PORT: adminPort,
      ...own,
    };
    return stack.use(
      superviseProgram({
        name,
        adminUrl: `http://127.0.0.1:${adminPort}`,
        context,
        run: (own) =>
          startProgram({
            context: own,
            name,
            args: [...steppableClock(), ...builtProgram(program)],
            environment,
            isServer: true,
          }),
      }),
    );
  };
  const relays = [await start('relay', 'relay', { REPLICATION_SLOT: slot })];
  // So that the first one is the active one.
  await eventually(async () => {
    context.signal.throwIfAborted();
    if ((await runSql(ownerUrl, 'select 1 from feed_state')).length === 0) throw new Error('there is no epoch');
  }, PATIENCE_MS);
  relays.push(await start('relay-2', 'relay', { REPLICATION_SLOT: slot }));
  const worker = await start('worker', 'worker', { ...workerSettings });
  const nodes: SupervisedPart[] = [];
  for (const [index, port] of nodePorts.entries()) {
    const own = { HOST: '127.0.0.1', PORT: String(port), BASE_URL: `http://127.0.0.1:${port}` };
    nodes.push(await start(`node-${index + 1}`, 'sync-node', own));
  }
  const parts = [...relays, worker, ...nodes];
  for (const part of parts) await part.ready();
  return { nodes, relays, worker, parts };
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.toString();
}

async function addWorkspace(ownerUrl: string, people: readonly BenchPerson[]): Promise<StageWorkspace> {
  const name = `faults-${randomBytes(4).toString('hex')}`;
  const [row] = await runSql(ownerUrl, 'insert into workspaces (name) values ($1) returning id', [name]);
  const id = String(row?.['id']);
  await runSql(
    ownerUrl,
    `insert into members (workspace_id, user_id, role) select $1, person, 'editor' from unnest($2::text[]) as one(person)`,
    [id, people.map((person) => person.id)],
  );
  const samples = Array.from({ length: RECORDS }, (_, index) => sampleMeldebestaetigung(index + 1));
  const rows = await runSql(
    ownerUrl,
    `insert into records (workspace_id, vorgangsnummer, ibe)
     select $1, v, i from unnest($2::text[], $3::text[]) as sample(v, i) returning id`,
    [id, samples.map(({ vorgangsnummer }) => vorgangsnummer), samples.map(({ ibe }) => ibe)],
  );
  return { id, records: rows.map((one) => Number(one['id'])) };
}
