import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResourceStack } from '@meldesync/lifecycle';
import { runSql } from '@meldesync/testkit';
import type { BenchContext } from './context.ts';
import type { DrillClientProcess } from './drills/clients/drill-client-process.ts';
import { storedRecords, storedVersions } from './drills/truth.ts';
import { type LightClients, startLightClients } from './light-clients.ts';
import { cpuSeconds } from './measure/cpu-time.ts';
import { LatencyHistogram } from './measure/latency-histogram.ts';
import { readMetric } from './measure/metrics.ts';
import { round } from './measure/table.ts';
import { PATIENCE_MS } from './poll.ts';
import { startRemote } from './processes/remote.ts';
import { type Meldesync, startMeldesync } from './systems/meldesync.ts';
import { readScans, type Scans } from './table-scans.ts';

/** Defaults of the options: clients in all, people they belong to, clients with the real library, and changes while all are away. */
export const STORM_OPTIONS = { clients: 5_000, people: 5_000, real: 20, changes: 10 };

type Options = typeof STORM_OPTIONS;

/** Targets. */
const TARGET_MS = 10_000;
const TARGET_QUERIES = 20;
const RECORDS = 1_000;
/** Those of the clients that are on the other node already: it is in use, as it would be. */
const RESIDENTS = 8;
const LOOK_EVERY_MS = 50;
const CLIENT_PROCESS = new URL('./drills/clients/drill-client-process.ts', import.meta.url);

/**
 * Kills a node with all its clients, who come back on another one, and measures until all are current again, and how
 * often Postgres is asked for state or history meanwhile (R4.2).
 * @returns whether all came back with everything, in order
 */
export async function runStorm(context: BenchContext, options: Options): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and two nodes');
  const system = stack.use(
    await startMeldesync(context, { records: RECORDS, people: options.people, sharesPort: true }),
  );
  const [doomed, refuge] = system.nodes;
  if (!doomed || !refuge) throw new Error('the storm needs two nodes');
  await refuge.kill('SIGTERM');
  const light = startLightClients(context, stack, system);
  const open = async (name: string, clients: number) => {
    const process = stack.use(
      startRemote<DrillClientProcess>(context, { name, file: CLIENT_PROCESS, isServer: false }),
    );
    const tokens = system.people.map(({ token }) => token);
    await process.call('connect', { urls: system.urls, tokens, workspace: system.workspace, clients });
    return process;
  };
  context.step(`Connecting ${options.clients} clients to one node`);
  await light.connect(options.clients - options.real);
  const real = await open('real clients', options.real);
  refuge.start();
  await refuge.ready();
  await open('residents', RESIDENTS);
  const connections = await readMetric(doomed.adminUrl, 'meldesync_connections');

  context.step('Counting what the changes alone cost Postgres');
  const before = await readScans(system, context.signal);
  await changeRecords(system, options.changes);
  const changed = await readScans(system, context.signal);
  const snapshotsBefore = await readMetric(refuge.adminUrl, 'meldesync_snapshot_queries_total');
  const pids = { node: [refuge.pid], clients: [...light.processes, real].map(({ pid }) => pid) };
  const cpuBefore = { node: await cpuSeconds(pids.node), clients: await cpuSeconds(pids.clients) };

  context.step(`The node with ${connections} connections is killed`, 'trial');
  const startedMs = Date.now();
  await doomed.kill('SIGKILL');
  const versions = await changeRecords(system, options.changes);
  const realMs = allReal(real, versions, startedMs);
  const lightMs = await allLight(context, light, options.clients - options.real, startedMs);
  const recoveredMs = Math.max(lightMs, await realMs);
  const cpu = {
    node: (await cpuSeconds(pids.node)) - cpuBefore.node,
    clients: (await cpuSeconds(pids.clients)) - cpuBefore.clients,
  };
  const load = loadavg()[0]?.toFixed(1);
  const snapshots = (await readMetric(refuge.adminUrl, 'meldesync_snapshot_queries_total')) - snapshotsBefore;
  const after = await readScans(system, context.signal);
  return await report({
    options,
    system,
    light,
    real,
    recoveredMs,
    startedMs,
    cpu,
    load,
    snapshots,
    before,
    changed,
    after,
  });
}

/**
 * Makes changes past the application, in a transaction each, so that each is a frame.
 * @returns the sum of all versions then
 */
async function changeRecords(system: Meldesync, count: number): Promise<number> {
  for (const record of system.records.slice(0, count)) {
    await runSql(system.ownerUrl, `update records set note = coalesce(note, '') || '.' where id = $1`, [record]);
  }
  return storedVersions(system);
}

/** Milliseconds until all light clients were current; infinite when some never were. */
async function allLight(context: BenchContext, light: LightClients, count: number, sinceMs: number): Promise<number> {
  const deadline = sinceMs + PATIENCE_MS;
  while (Date.now() < deadline) {
    const standings = await Promise.all(light.processes.map((process) => process.call('standing', { sinceMs })));
    const lastMs = Math.max(...standings.map(({ lastCurrentAtMs }) => lastCurrentAtMs));
    const isAnew = standings.every(({ connections, current }) => connections >= 2 * current);
    if (isAnew && standings.reduce((sum, { current }) => sum + current, 0) === count) return lastMs - sinceMs;
    await sleep(LOOK_EVERY_MS * 5, undefined, { signal: context.signal });
  }
  return Number.POSITIVE_INFINITY;
}

/** The same for those with the real library. */
async function allReal(
  real: ReturnType<typeof startRemote<DrillClientProcess>>,
  versions: number,
  sinceMs: number,
): Promise<number> {
  const deadline = sinceMs + PATIENCE_MS;
  while (Date.now() < deadline) {
    const standing = await real.call('standing', null);
    if (standing.allLive && standing.fewestVersions >= versions) return Date.now() - sinceMs;
    await sleep(LOOK_EVERY_MS);
  }
  return Number.POSITIVE_INFINITY;
}

interface Outcome {
  readonly options: Options;
  readonly system: Meldesync;
  readonly light: LightClients;
  readonly real: ReturnType<typeof startRemote<DrillClientProcess>>;
  readonly recoveredMs: number;
  readonly startedMs: number;
  /** CPU seconds of the recovery. */
  readonly cpu: { readonly node: number; readonly clients: number };
  readonly load: string | undefined;
  /** Pages of snapshots, as the node counts them. */
  readonly snapshots: number;
  readonly before: Scans;
  readonly changed: Scans;
  readonly after: Scans;
}

async function report(outcome: Outcome): Promise<boolean> {
  const { options, system, light, real, recoveredMs, startedMs, cpu, load, snapshots } = outcome;
  const { before, changed, after } = outcome;
  const standings = await Promise.all(
    light.processes.map((process) => process.call('standing', { sinceMs: startedMs })),
  );
  const took = new LatencyHistogram();
  for (const standing of standings) took.add(standing.tookMs);
  const experience = await real.call('experience', { truth: await storedRecords(system) });
  const gaps = standings.reduce((sum, standing) => sum + standing.gaps, 0);
  const repeated = standings.reduce((sum, standing) => sum + standing.repeated, 0);
  const positions = new Set(standings.map(({ behind }) => behind));
  // The changes cost the same before and during the storm.
  const scansOf = (name: keyof Scans) => after[name] - changed[name] - (changed[name] - before[name]);
  const scans = scansOf('records') + scansOf('changes');
  const queries = Math.max(snapshots, scans);
  const lookups = scansOf('sessions') + scansOf('members');
  const { p50, p95 } = took.summary();
  console.log(
    `all current after ${(recoveredMs / 1_000).toFixed(1)} s (half ${(p50 / 1_000).toFixed(1)} s, 95 % ${(p95 / 1_000).toFixed(1)} s); ` +
      `CPU seconds: node ${round(cpu.node)}, clients ${round(cpu.clients)}; load average ${load}`,
  );
  console.log(
    `Postgres: ${snapshots} snapshot pages read by the node, ${scans} scans of records and changes; ` +
      `${lookups} look-ups of who may be here`,
  );
  const isWhole = gaps === 0 && positions.size === 1 && experience.differing === 0 && experience.missing === 0;
  console.log(
    `gaps: ${gaps}, frames sent again and left out: ${repeated}; every client has everything: ${isWhole ? 'yes' : 'NO'}`,
  );
  console.log(
    `${recoveredMs <= TARGET_MS ? 'within' : 'OVER'} ${TARGET_MS / 1_000} s, ` +
      `${queries <= TARGET_QUERIES ? 'within' : 'OVER'} ${TARGET_QUERIES} queries\n`,
  );
  console.log(
    JSON.stringify({
      benchmark: 'storm',
      ...options,
      recoveredMs,
      queries,
      lookups,
      medianMs: round(p50),
      nodeCpuSeconds: round(cpu.node),
      clientCpuSeconds: round(cpu.clients),
      gaps,
      repeated,
      differing: experience.differing,
    }),
  );
  return isWhole && Number.isFinite(recoveredMs);
}
