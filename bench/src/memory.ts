import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResourceStack } from '@meldesync/lifecycle';
import type { BenchContext } from './context.ts';
import { startLightClients } from './light-clients.ts';
import { readMetric } from './measure/metrics.ts';
import { COLLECTING, type Memory, settledMemory } from './measure/settled-memory.ts';
import { formatTable } from './measure/table.ts';
import { startMeldesync } from './systems/meldesync.ts';

/** Defaults of the options. */
export const MEMORY_OPTIONS = { clients: 10_000, people: 10_000, warm: 500 };

/** Target, in bytes a connection. */
const TARGET_BYTES = 6 * 1_024;
const RECORDS = 100;
const SETTLE_MS = 5_000;

/**
 * Measures what a connection costs a node that it is idle on: a light client each, through hello and subscribe, with its
 * heartbeat. The baseline is the same node after others have come and gone.
 * @returns whether that is within the target, and every client stayed connected
 */
export async function runMemory(context: BenchContext, options: typeof MEMORY_OPTIONS): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and a node');
  const system = stack.use(
    await startMeldesync(context, {
      records: RECORDS,
      people: options.people,
      sharesPort: true,
      nodeArguments: COLLECTING,
    }),
  );
  const [node, other] = system.nodes;
  if (!node || !other) throw new Error('there is no node');
  await other.kill('SIGTERM');
  const light = startLightClients(context, stack, system);
  context.step(`Warming up with ${options.warm} connections`);
  await light.connect(options.warm);
  await light.close();
  await sleep(SETTLE_MS, undefined, { signal: context.signal });
  const empty = await settledMemory(node);

  context.step(`Connecting ${options.clients} clients`, 'trial');
  const startedMs = performance.now();
  await light.connect(options.clients);
  const seconds = (performance.now() - startedMs) / 1_000;
  await sleep(SETTLE_MS, undefined, { signal: context.signal });
  const full = await settledMemory(node);
  const connections = await readMetric(node.adminUrl, 'meldesync_connections');
  const standings = await Promise.all(light.processes.map((process) => process.call('standing', { sinceMs: 0 })));
  const made = standings.reduce((sum, standing) => sum + standing.connections, 0);
  await light.close();

  const each = (name: keyof Memory) => Math.round((full[name] - empty[name]) / options.clients);
  console.log(
    formatTable([
      ['bytes', 'without clients', `with ${options.clients}`, 'each'],
      ...(['resident', 'heapUsed', 'external'] as const).map((name) => [
        name,
        String(empty[name]),
        String(full[name]),
        String(each(name)),
      ]),
    ]),
  );
  console.log(
    `\n${connections} connections, made in ${seconds.toFixed(1)} s; load average ${loadavg()[0]?.toFixed(1)}`,
  );
  const bytesPerConnection = each('resident');
  const isWithin = bytesPerConnection <= TARGET_BYTES;
  console.log(`${bytesPerConnection} bytes each are ${isWithin ? 'within' : 'OVER'} ${TARGET_BYTES}\n`);
  const figures = {
    bytesPerConnection,
    heapPerConnection: each('heapUsed'),
    connections,
    reconnects: made - connections,
  };
  console.log(JSON.stringify({ benchmark: 'memory', ...options, ...figures }));
  return isWithin && connections === options.clients && made === options.clients;
}
