import { setTimeout as sleep } from 'node:timers/promises';
import { ResourceStack } from '@meldesync/lifecycle';
import { type FaultProxy, startFaultProxy } from '@meldesync/testkit';
import type { BenchContext } from '../context.ts';
import { PATIENCE_MS } from '../poll.ts';
import { startRemote } from '../processes/remote.ts';
import { type Meldesync, startMeldesync } from '../systems/meldesync.ts';
import type { DrillClientProcess } from './clients/drill-client-process.ts';
import type { Check } from './drill-report.ts';
import type { Clients, Drill, DrillOptions } from './fault-drill.ts';
import { reportFault } from './fault-report.ts';
import { takePhase } from './phases.ts';
import { startRecoveryMonitor, timeUntilCurrent } from './recovery-monitor.ts';

const CLIENT_PROCESS = new URL('./clients/drill-client-process.ts', import.meta.url);
const RECORDS = 1_000;
/** The rest is spare. */
const EDITED_RECORDS = 800;
/** Enough that the kernel gives each of two nodes some. */
const EDITORS = 8;
const USUAL_NOTE_LENGTH = 60;

/**
 * Runs a fault while clients edit, and looks at what every client went through: nothing may be lost, come twice or in
 * another order, and in the end every store must be what Postgres holds.
 * @returns whether that holds
 */
export async function runDrill(context: BenchContext, drill: Drill, options: DrillOptions): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and nodes');
  const system = stack.use(await startMeldesync(context, { ...drill.system, records: RECORDS, sharesPort: true }));
  const { editors, watchers, victims, lines } = await connectClients(context, stack, { system, drill, options });
  const bystanders = watchers ? [editors, watchers] : [editors];
  const all = victims ? [...bystanders, victims] : bystanders;
  const nodes = (await Promise.all(all.map((process) => process.call('nodes', null)))).flat();

  const editedRecords = system.records.slice(0, EDITED_RECORDS);
  await editors.call('beginEdits', {
    records: editedRecords,
    perSecond: options.rate,
    noteLength: drill.noteLength ?? USUAL_NOTE_LENGTH,
  });
  context.step(`${nodes.length} clients, ${options.rate} edits/s; ${options.before} s before the fault`);
  const monitor = await startRecoveryMonitor(system, all);
  await takePhase(bystanders);
  await sleep(options.before * 1_000, undefined, { signal: context.signal });
  const before = await takePhase(bystanders);

  context.step(`The fault: ${drill.name}`, 'trial');
  const startedMs = performance.now();
  const othersCurrent = async (): Promise<void> => {
    const tookMs = await timeUntilCurrent(system, bystanders, PATIENCE_MS);
    if (tookMs === undefined) throw new Error('clients that the fault does not hit did not become current');
  };
  const found: Check[] = [];
  const report = (check: Check): void => void found.push(check);
  const scene = { context, system, victims, lines, seconds: options.seconds, othersCurrent, report };
  await drill.fault({ ...scene, spareRecords: system.records.slice(EDITED_RECORDS) });
  const endedMs = performance.now();
  context.step(`Mended after ${((endedMs - startedMs) / 1_000).toFixed(1)} s; recovering`);
  const wellSince = await monitor.recovered();
  const during = await takePhase(bystanders);
  await sleep(options.after * 1_000, undefined, { signal: context.signal });
  const phases = { before, during, after: await takePhase(bystanders) };

  const { unanswered } = await editors.call('endEdits', { patienceMs: PATIENCE_MS });
  // Without edits all that is on its way must arrive: what the monitor saw last may be from before the last of them.
  const isSteady = (await timeUntilCurrent(system, all, PATIENCE_MS)) !== undefined;
  await monitor.stop();
  const clients = { editors, all, victims, nodes };
  const edits = { records: editedRecords, unanswered };
  const { allowedMs } = monitor;
  return await reportFault({
    drill,
    system,
    clients,
    edits,
    phases,
    found,
    isSteady,
    startedMs,
    endedMs,
    wellSince,
    allowedMs,
  });
}

async function connectClients(
  context: BenchContext,
  stack: ResourceStack,
  { system, drill, options }: { system: Meldesync; drill: Drill; options: DrillOptions },
) {
  const hit = drill.victims?.(options.clients) ?? { clients: 0, lines: 0 };
  const url = system.urls[0] ?? '';
  const lines: FaultProxy[] = [];
  for (let line = 0; line < hit.lines; line++) {
    lines.push(stack.use(await startFaultProxy({ port: Number(new URL(url).port) })));
  }
  const open = async (name: string, clients: number, urls: readonly string[]): Promise<Clients> => {
    const remote = stack.use(startRemote<DrillClientProcess>(context, { name, file: CLIENT_PROCESS, isServer: false }));
    const tokens = system.people.map(({ token }) => token);
    await remote.call('connect', { urls, tokens, workspace: system.workspace, clients });
    return remote;
  };
  const others = options.clients - hit.clients;
  const [editors, watchers, victims] = await Promise.all([
    open('editors', EDITORS, [url]),
    others > 0 ? open('watchers', others, [url]) : undefined,
    hit.clients > 0
      ? open('victims', hit.clients, lines.length > 0 ? lines.map((line) => line.url) : [url])
      : undefined,
  ]);
  return { editors, watchers, victims, lines };
}
