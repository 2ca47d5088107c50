import type { ResourceStack } from '@meldesync/lifecycle';
import type { ClientProcess, ClientReport } from './clients/client-process.ts';
import type { EditSeen } from './clients/delivery-tally.ts';
import type { BenchContext } from './context.ts';
import { LatencyHistogram, type LatencySummary } from './measure/latency-histogram.ts';
import { type Remote, startRemote } from './processes/remote.ts';
import type { Meldesync } from './systems/meldesync.ts';

type Clients = Remote<ClientProcess>;

/** The clients share these, so that none shares an event loop with a server. */
const CLIENT_PROCESSES = 2;

/** One stretch of edits, as all clients saw it. */
export interface Stretch {
  /** Edits that were made. */
  readonly edits: number;
  /** Until the last client had applied an edit, for each edit. */
  readonly everyClient: LatencySummary;
  /** Until one client had applied one edit, for each pair. */
  readonly oneClient: LatencySummary;
  /** Edits that a client never applied, or applied more than once: counted for each client. */
  readonly lost: number;
  readonly duplicated: number;
  readonly disconnects: number;
}

/** Connects so many clients to the nodes of a system, in processes of their own that end with the stack. */
export async function connectClients(
  context: BenchContext,
  stack: ResourceStack,
  system: Meldesync,
  clients: number,
): Promise<readonly Clients[]> {
  const processes: Clients[] = [];
  for (let index = 1; index <= CLIENT_PROCESSES; index++) {
    const file = new URL('./clients/client-process.ts', import.meta.url);
    processes.push(stack.use(startRemote<ClientProcess>(context, { name: `clients-${index}`, file, isServer: false })));
  }
  context.step(`Connecting ${clients} clients`);
  await Promise.all(
    processes.map((process, index) =>
      process.call('connect', {
        urls: system.urls,
        tokens: system.people.map((person) => person.token),
        workspace: system.workspace,
        clients: share(clients, index),
      }),
    ),
  );
  return processes;
}

/** Has the clients edit for a while; resolves when all of them have applied everything. */
export async function runStretch(
  processes: readonly Clients[],
  system: Meldesync,
  options: { readonly clients: number; readonly rate: number; readonly seconds: number },
): Promise<Stretch> {
  const made = await Promise.all(
    processes.map((process, index) =>
      process.call('edit', {
        records: system.records.filter((_, position) => position % processes.length === index),
        perSecond: options.rate / processes.length,
        seconds: options.seconds,
      }),
    ),
  );
  const edits = made.reduce((sum, count) => sum + count, 0);
  await Promise.all(processes.map((process) => process.call('settle', { edits })));
  const reports = await Promise.all(processes.map((process) => process.call('report', null)));
  return summarise(reports, { edits, clients: options.clients });
}

function summarise(reports: readonly ClientReport[], expected: { edits: number; clients: number }): Stretch {
  const everyClient = new LatencyHistogram();
  const oneClient = new LatencyHistogram();
  const last = new Map<string, EditSeen>();
  let delivered = 0;
  let duplicated = 0;
  for (const { edits, latencies } of reports) {
    oneClient.add(latencies);
    for (const edit of edits) {
      delivered += edit.clients;
      duplicated += edit.repeated;
      const key = `${edit.record}@${edit.version}`;
      if ((last.get(key)?.lastMs ?? 0) < edit.lastMs) last.set(key, edit);
    }
  }
  for (const { lastMs, atMs } of last.values()) everyClient.record(lastMs - atMs);
  return {
    edits: expected.edits,
    everyClient: everyClient.summary(),
    oneClient: oneClient.summary(),
    lost: expected.edits * expected.clients - delivered,
    duplicated,
    disconnects: Math.max(...reports.map((report) => report.disconnects)),
  };
}

/** How many of the clients a process opens. */
function share(clients: number, index: number): number {
  return Math.floor(clients / CLIENT_PROCESSES) + (index < clients % CLIENT_PROCESSES ? 1 : 0);
}
