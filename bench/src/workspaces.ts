import { setTimeout as sleep } from 'node:timers/promises';
import { getFeedState } from '@meldesync/db';
import { ResourceStack } from '@meldesync/lifecycle';
import { runSql } from '@meldesync/testkit';
import type { BenchContext } from './context.ts';
import { COLLECTING, settledMemory } from './measure/settled-memory.ts';
import { formatTable, round } from './measure/table.ts';
import { type Remote, startRemote } from './processes/remote.ts';
import type { IdleClientsProcess } from './receivers/idle-clients-process.ts';
import { addWorkspaces } from './systems/add-workspaces.ts';
import { type Meldesync, startMeldesync } from './systems/meldesync.ts';

/** Defaults of the options. */
export const WORKSPACES_OPTIONS = { workspaces: 1_000, warm: 50, seconds: 30 };

/** Targets: what the workspaces may add, all together, to what the processes cost that have none. */
const MOST_MORE = { redisCommandsPerSecond: 15, postgresQueriesPerSecond: 2 };
const MOST_BYTES = 60_000;
const PEOPLE = 200;
/** After their last client nodes keep workspaces for half a minute. */
const LET_GO_MS = 45_000;
/** By then the relay has measured what was added. */
const SETTLE_MS = 75_000;
const PROCESS_FILE = new URL('./receivers/idle-clients-process.ts', import.meta.url);

/** What a service costs in which nothing happens. */
interface Idle {
  readonly redisCommandsPerSecond: number;
  readonly postgresQueriesPerSecond: number;
  /** Of nodes that hear of workspaces. */
  readonly channels: number;
  /** Of all nodes. */
  readonly nodeBytes: number;
}

/**
 * Measures what workspaces cost in which one client each is idle, over two nodes, and what is left of that after all have gone.
 * @returns whether that is within the targets, and every client stayed connected
 */
export async function runWorkspaces(context: BenchContext, options: typeof WORKSPACES_OPTIONS): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and two nodes');
  const system = stack.use(await startMeldesync(context, { records: 1, people: PEOPLE, nodeArguments: COLLECTING }));
  const processes = system.nodes.map(({ name }) =>
    stack.use(startRemote<IdleClientsProcess>(context, { name: `idle-${name}`, file: PROCESS_FILE, isServer: false })),
  );
  const pause = (ms: number) => sleep(ms, undefined, { signal: context.signal });
  context.step(`Warming up with ${options.warm} workspaces`);
  await connect(system, processes, await add(system, options.warm, 2));
  await close(processes);
  await pause(LET_GO_MS);
  const empty = await measure(context, system, options.seconds);

  context.step(`A client in each of ${options.workspaces} workspaces`, 'trial');
  await connect(system, processes, await add(system, options.workspaces, 2 + options.warm));
  await pause(SETTLE_MS);
  const idle = await measure(context, system, options.seconds);
  const standing = await Promise.all(processes.map((process) => process.call('standing', null)));
  const current = standing.reduce((sum, one) => sum + one.current, 0);
  const reconnects = standing.reduce((sum, one) => sum + one.connections, 0) - current;

  context.step('All have left');
  await close(processes);
  await pause(LET_GO_MS);
  const left = await measure(context, system, options.seconds);

  const bytesEach = (one: Idle) => Math.round((one.nodeBytes - empty.nodeBytes) / options.workspaces);
  const rows = { 'before anybody came': empty, 'all idle': idle, 'all left': left };
  console.log(
    formatTable([
      ['', 'Redis commands/s', 'Postgres queries/s', 'channels', 'node bytes a workspace'],
      ...Object.entries(rows).map(([name, one]) => [
        name,
        String(one.redisCommandsPerSecond),
        String(one.postgresQueriesPerSecond),
        String(one.channels),
        String(bytesEach(one)),
      ]),
    ]),
  );
  console.log(`\n${current} clients current, ${reconnects} reconnects\n`);
  const figures = {
    redisCommandsPerSecondIdle: idle.redisCommandsPerSecond,
    nodeBytesPerWorkspace: bytesEach(idle),
    postgresQueriesPerSecondIdle: idle.postgresQueriesPerSecond,
    redisCommandsPerSecondLeft: left.redisCommandsPerSecond,
    nodeBytesPerWorkspaceLeft: bytesEach(left),
    postgresQueriesPerSecondLeft: left.postgresQueriesPerSecond,
    channelsIdle: idle.channels,
    channelsLeft: left.channels,
    redisCommandsPerSecondEmpty: empty.redisCommandsPerSecond,
    postgresQueriesPerSecondEmpty: empty.postgresQueriesPerSecond,
    reconnects,
  };
  console.log(JSON.stringify({ benchmark: 'workspaces', ...options, ...figures }));
  return (
    current === options.workspaces &&
    reconnects === 0 &&
    left.channels <= empty.channels &&
    idle.redisCommandsPerSecond <= empty.redisCommandsPerSecond + MOST_MORE.redisCommandsPerSecond &&
    idle.postgresQueriesPerSecond <= empty.postgresQueriesPerSecond + MOST_MORE.postgresQueriesPerSecond &&
    bytesEach(idle) <= MOST_BYTES
  );
}

function add({ ownerUrl, workspace }: Meldesync, count: number, first: number): Promise<string[]> {
  return addWorkspaces(ownerUrl, { like: workspace, count, first });
}

/** A client in each, half of them at each node. */
async function connect(
  { urls, people, database }: Meldesync,
  processes: readonly Remote<IdleClientsProcess>[],
  workspaces: readonly string[],
): Promise<void> {
  const epoch = (await getFeedState(database.drizzle))?.epoch ?? '';
  const tokens = people.map(({ token }) => token);
  const ofNode = (node: number) => workspaces.filter((_, index) => index % processes.length === node);
  await Promise.all(
    processes.map((process, node) =>
      process.call('connect', { url: urls[node] ?? '', tokens, epoch, workspaces: ofNode(node) }),
    ),
  );
}

async function close(processes: readonly Remote<IdleClientsProcess>[]): Promise<void> {
  await Promise.all(processes.map((process) => process.call('close', null)));
}

async function measure(context: BenchContext, system: Meldesync, seconds: number): Promise<Idle> {
  const memories = await Promise.all(system.nodes.map((node) => settledMemory(node)));
  const before = await counts(system);
  const startedMs = performance.now();
  await sleep(seconds * 1_000, undefined, { signal: context.signal });
  const after = await counts(system);
  const each = (name: keyof typeof before) =>
    round(((after[name] - before[name]) * 1_000) / (performance.now() - startedMs));
  const channels = (await system.redis.command('PUBSUB', 'CHANNELS', '*{*')) as string[];
  return {
    redisCommandsPerSecond: each('commands'),
    postgresQueriesPerSecond: each('transactions'),
    channels: channels.length,
    nodeBytes: memories.reduce((sum, { resident }) => sum + resident, 0),
  };
}

/** Commands that Redis has carried out, also within scripts; transactions of the database, each a query where nothing happens. */
async function counts({ redis, ownerUrl }: Meldesync): Promise<{ commands: number; transactions: number }> {
  const stats = String(await redis.command('INFO', 'stats'));
  const commands = Number(/total_commands_processed:(\d+)/.exec(stats)?.[1]);
  const [row] = await runSql(
    ownerUrl,
    'select xact_commit + xact_rollback as count from pg_stat_database where datname = current_database()',
  );
  const transactions = Number(row?.['count']);
  return { commands, transactions };
}
