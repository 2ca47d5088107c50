import { ResourceStack } from '@meldesync/lifecycle';
import { eventually, runSql } from '@meldesync/testkit';
import { residentBytes } from '../../scripts/lib/resident-bytes.mjs';
import type { BenchContext } from './context.ts';
import { readMetric } from './measure/metrics.ts';
import { formatTable, round } from './measure/table.ts';
import { startRemote } from './processes/remote.ts';
import type { SnapshotReadersProcess } from './receivers/snapshot-readers-process.ts';
import { addRecords } from './systems/add-records.ts';
import { type Meldesync, startMeldesync } from './systems/meldesync.ts';

/** Defaults of the options. */
export const SNAPSHOT_OPTIONS = { records: 1_000_000, clients: 50 };

/** Target. */
const MOST_EXTRA_MB = 300;
const MEGABYTE = 1_000_000;
const RECORDS_AT_ONCE = 50_000;
const SAMPLE_EVERY_MS = 100;
const FEED_PATIENCE_MS = 900_000;
const PROCESS_FILE = new URL('./receivers/snapshot-readers-process.ts', import.meta.url);

/**
 * Measures a snapshot of a large workspace: read by one client, then by many at once.
 * @returns whether everybody got all of it, the many of one edition, and the node took no more memory than it may
 */
export async function runSnapshot(context: BenchContext, options: typeof SNAPSHOT_OPTIONS): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and nodes');
  const system = stack.use(await startMeldesync(context, { records: 1, people: options.clients }));
  context.step(`Adding ${options.records} records`);
  for (let made = 1; made < options.records; made += RECORDS_AT_ONCE) {
    await addRecords(system.ownerUrl, system.workspace, Math.min(RECORDS_AT_ONCE, options.records - made), made + 1);
  }
  await eventually(() => requirePassedOn(system), FEED_PATIENCE_MS);

  const [alone, many] = [await read(context, stack, system, 1), await read(context, stack, system, options.clients)];
  const rows = { 'one client': alone, [`${options.clients} clients`]: many };
  console.log(
    formatTable([
      ['', 'seconds', 'node MB more', 'reader MB', 'editions', 'pages read from Postgres'],
      ...Object.entries(rows).map(([name, one]) => [
        name,
        ...[one.seconds, one.nodeExtraMb, one.readerMb].map((value) => value.toFixed(1)),
        String(one.editions),
        String(one.pagesFromPostgres),
      ]),
    ]),
  );
  const nodeExtraMb = Math.max(alone.nodeExtraMb, many.nodeExtraMb);
  const isWhole = alone.records === options.records && many.isWhole;
  const figures = {
    seconds: alone.seconds,
    secondsOfMany: many.seconds,
    nodeExtraMb,
    client: { seconds: alone.clientSeconds, mb: alone.readerMb },
    editions: many.editions,
    pagesFromPostgres: many.pagesFromPostgres,
    isWhole,
  };
  console.log(`\n${JSON.stringify({ benchmark: 'snapshot', ...options, ...figures })}`);
  return isWhole && many.editions === 1 && nodeExtraMb <= MOST_EXTRA_MB;
}

/** Reads it by so many at the first node, in a process of their own, and watches the node's memory meanwhile; by one also as a client does. */
async function read(context: BenchContext, stack: ResourceStack, system: Meldesync, clients: number) {
  const [node] = system.nodes;
  if (!node) throw new Error('there is no node');
  const readers = stack.use(
    startRemote<SnapshotReadersProcess>(context, { name: `readers-${clients}`, file: PROCESS_FILE, isServer: false }),
  );
  const tokens = system.people.slice(0, clients).map(({ token }) => token);
  const order = { url: system.urls[0] ?? '', tokens, workspace: system.workspace };
  const queries = () => readMetric(node.adminUrl, 'meldesync_snapshot_queries_total');
  context.step(`Reading by ${clients}`, 'trial');
  const before = residentBytes(node.pid);
  const pagesBefore = await queries();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(node.pid));
  }, SAMPLE_EVERY_MS);
  try {
    const startedMs = performance.now();
    const found = await readers.call('read', order);
    const seconds = secondsSince(startedMs);
    const pagesFromPostgres = (await queries()) - pagesBefore;
    const countedMs = performance.now();
    const records = clients === 1 ? await readers.call('count', order) : undefined;
    return {
      records,
      clientSeconds: secondsSince(countedMs),
      // All got the same, byte by byte.
      isWhole: new Set(found.map(({ pages, bytes }) => `${pages} ${bytes}`)).size === 1,
      editions: new Set(found.flatMap((one) => one.editions)).size,
      seconds,
      nodeExtraMb: round((most - before) / MEGABYTE),
      readerMb: round(residentBytes(readers.pid) / MEGABYTE),
      pagesFromPostgres,
    };
  } finally {
    clearInterval(watch);
  }
}

function secondsSince(startedMs: number): number {
  return round((performance.now() - startedMs) / 1_000);
}

/** The relay has read all of it: what it does then is not to be measured. */
async function requirePassedOn({ ownerUrl, relays }: Meldesync): Promise<void> {
  const [row] = await runSql(ownerUrl, 'select count(*)::int as count from changes');
  const sent = await readMetric(relays[0]?.adminUrl ?? '', 'meldesync_relay_changes_total');
  if (sent < Number(row?.['count'])) throw new Error('the relay has not passed everything on');
}
