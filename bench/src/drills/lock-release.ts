import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncClient } from '@meldesync/client';
import { ResourceStack } from '@meldesync/lifecycle';
import { startFaultProxy } from '@meldesync/testkit';
import { allLive, openClient } from '../clients/open-client.ts';
import type { BenchContext } from '../context.ts';
import { formatTable } from '../measure/table.ts';
import { startRemote } from '../processes/remote.ts';
import { startMeldesync } from '../systems/meldesync.ts';
import { printReport } from './drill-report.ts';
import type { LockHolderProcess } from './lock-holder-process.ts';

/** Locks in each part of the drill. */
export const LOCK_RELEASE_OPTIONS = { locks: 10 };

/** R2.3. */
const LIMIT_MS = 30_000;
/** Longer than any lock lives without its holder: who still has it then has come back for it. */
const PROOF_MS = 20_000;
/** How long a connection stays away before its client is let back. */
const AWAY_MS = 5_000;
/** A lock waits 10 s for its holder; the node may have heard of the cut a little earlier than the client. */
const SURELY_IN_TIME_MS = 9_000;
const RETRY_MS = 50;

/**
 * Takes locks and makes their holders vanish in each of the ways there are; measures how long the records stay locked
 * for another person (R2.3), and that a holder who is back in time keeps its lock.
 */
export async function runLockRelease(context: BenchContext, { locks }: typeof LOCK_RELEASE_OPTIONS): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and two nodes');
  const system = stack.use(await startMeldesync(context, { records: locks * 4 }));
  const [first, second] = system.nodes;
  const [holder, waiter] = system.people;
  if (!first?.url || !second?.url || !holder || !waiter) throw new Error('the drill needs two nodes and two people');
  const others = openClient({ url: second.url, token: waiter.token, workspace: system.workspace });
  stack.defer(() => others.stop());
  await allLive([others]);

  const hold = async (name: string, url: string, part: number) => {
    const file = new URL('./lock-holder-process.ts', import.meta.url);
    const process = stack.use(startRemote<LockHolderProcess>(context, { name, file, isServer: false }));
    const records = system.records.slice(part * locks, (part + 1) * locks);
    await process.call('hold', { url, token: holder.token, workspace: system.workspace, records });
    return { process, records };
  };

  context.step(`A process with ${locks} clients is killed`, 'trial');
  const killed = await hold('killed clients', first.url, 0);
  await killed.process.kill();
  const afterKill = await timeUntilFree(others, killed.records);

  context.step('A connection is cut without a close');
  const proxy = stack.use(await startFaultProxy({ port: Number(new URL(first.url).port) }));
  const cut = await hold('cut clients', proxy.url, 1);
  proxy.silence();
  const afterCut = await timeUntilFree(others, cut.records);
  await cut.process.kill();
  proxy.restore();

  context.step(`A connection is reset and back after ${AWAY_MS / 1_000} s`);
  const resumed = await hold('resuming clients', proxy.url, 2);
  proxy.refuse();
  await sleep(AWAY_MS);
  proxy.restore();
  const taken = await takenFrom(others, resumed.records, PROOF_MS);
  const { backInTime, kept } = await resumed.process.call('holding', { withinMs: SURELY_IN_TIME_MS });
  await resumed.process.kill();

  context.step('A node is killed with SIGKILL');
  const orphaned = await hold('clients of a dead node', first.url, 3);
  await first.kill('SIGKILL');
  const afterNodeKill = await timeUntilFree(others, orphaned.records);

  return report({ locks, afterKill, afterCut, afterNodeKill, taken, backInTime, kept });
}

/** What became of the locks. Times are in milliseconds, fastest first. */
interface Findings {
  readonly locks: number;
  readonly afterKill: readonly number[];
  readonly afterCut: readonly number[];
  readonly afterNodeKill: readonly number[];
  /** Locks that another person got while their holders were away for a moment. */
  readonly taken: number;
  /** Holders that were live again in time, and those of them that still had their lock. */
  readonly backInTime: number;
  readonly kept: number;
}

function report({ locks, afterKill, afterCut, afterNodeKill, taken, backInTime, kept }: Findings): boolean {
  const rows = [
    { name: 'client killed', times: afterKill },
    { name: 'connection cut without a close', times: afterCut },
    { name: 'node killed with SIGKILL', times: afterNodeKill },
  ];
  console.log(
    formatTable([
      ['seconds until the lock is free for others', 'fastest', 'median', 'slowest', 'locks'],
      ...rows.map(({ name, times }) => [
        name,
        ...[times[0], times[Math.floor(times.length / 2)], times.at(-1)].map((ms) => ((ms ?? 0) / 1_000).toFixed(1)),
        String(times.length),
      ]),
    ]),
  );
  const slowest = Math.max(...rows.flatMap(({ times }) => times));
  console.log(`${backInTime} of ${locks} holders were back in time, ${kept} of them have their lock\n`);
  return printReport({
    drill: 'lock-release',
    checks: [
      ...rows.map(({ name, times }) => ({
        name: `${name}: always under ${LIMIT_MS / 1_000} s (R2.3)`,
        holds: times.length === locks && times.every((ms) => ms < LIMIT_MS),
      })),
      {
        name: 'back within 10 s: every lock kept, none free meanwhile',
        holds: backInTime > 0 && kept === backInTime && taken <= locks - backInTime,
      },
    ],
    figures: {
      clientKilledMs: afterKill,
      connectionCutMs: afterCut,
      nodeKilledMs: afterNodeKill,
      slowestMs: slowest,
      medianMs: Math.max(...rows.map(({ times }) => median(times))),
      backInTime,
      kept,
      locks,
    },
  });
}

/** Milliseconds from now until another person gets each lock, fastest first. Who never gets one within the limit has no time. */
async function timeUntilFree(client: SyncClient, records: readonly number[]): Promise<number[]> {
  const startedMs = performance.now();
  const times = await Promise.all(
    records.map(async (record) => {
      for (;;) {
        if (performance.now() - startedMs > LIMIT_MS + 5_000) return Number.POSITIVE_INFINITY;
        // As a person does: who is shown as the holder is not asked for it.
        if (!client.locks.get(record)) {
          const answer = await client.lock([record]);
          if (answer.outcome === 'granted') {
            const tookMs = performance.now() - startedMs;
            await answer.lock.release();
            return Math.round(tookMs);
          }
        }
        await sleep(RETRY_MS);
      }
    }),
  );
  return times.toSorted((a, b) => a - b);
}

/** How many of the records another person could lock in that time, trying again and again. */
async function takenFrom(client: SyncClient, records: readonly number[], forMs: number): Promise<number> {
  const deadline = performance.now() + forMs;
  const taken = new Set<number>();
  while (performance.now() < deadline) {
    for (const record of records) {
      const answer = await client.lock([record]);
      if (answer.outcome === 'granted') taken.add(record);
      await sleep(RETRY_MS);
    }
  }
  return taken.size;
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY;
}
