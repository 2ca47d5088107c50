import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncClient } from '@meldesync/client';
import { ResourceStack } from '@meldesync/lifecycle';
import type { EditOutcome } from '@meldesync/protocol';
import { runSql } from '@meldesync/testkit';
import { allLive, openClient } from '../clients/open-client.ts';
import type { BenchContext } from '../context.ts';
import { waitUntil } from '../poll.ts';
import { type Meldesync, startMeldesync } from '../systems/meldesync.ts';
import { printReport } from './drill-report.ts';

/** Clients, and edits that must be accepted in all. */
export const LAST_VERSION_OPTIONS = { clients: 50, edits: 2_000 };

/** A person looks before trying again; without that all clients would run into every version together. */
const THINK_MS = 400;

interface Attempt {
  readonly operation: number;
  readonly baseVersion: number;
  readonly note: string;
  readonly outcome: EditOutcome;
}

/**
 * Many clients edit one record at the same time, each again and again until its share was accepted; then the audit trail
 * is replayed one change after the other and compared with what everyone was told and now shows (R2.1, R2.4, R2.5).
 */
export async function runLastVersion(
  context: BenchContext,
  { clients: count, edits }: typeof LAST_VERSION_OPTIONS,
): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Starting relay, worker and two nodes');
  const system = stack.use(await startMeldesync(context, { records: 1 }));
  const [record] = system.records;
  if (record === undefined) throw new Error('there is no record');
  const clients = Array.from({ length: count }, (_, index) =>
    openClient({
      url: system.urls[index % system.urls.length] ?? '',
      token: system.people[index % system.people.length]?.token ?? '',
      workspace: system.workspace,
    }),
  );
  stack.defer(() => {
    for (const client of clients) client.stop();
  });
  await allLive(clients);

  context.step(`${count} clients edit one record until ${edits} edits were accepted`, 'trial');
  const startedMs = performance.now();
  const progress = { left: edits };
  const attempts = (
    await Promise.all(clients.map((client, index) => editUntilDone(context, client, { record, index, progress })))
  ).flat();
  const seconds = (performance.now() - startedMs) / 1_000;

  context.step('Comparing the answers, the audit trail and every screen');
  const trail = await readTrail(system, record);
  const final = await readRecord(system, record);
  const agree = await waitUntil(() =>
    clients.every(
      ({ store }) => store.get(record)?.version === final.version && store.get(record)?.note === final.note,
    ),
  );
  const stored = await runSql(system.ownerUrl, 'select count(*) as n from conflicts where record_id = $1', [record]);
  return report({ clients: count, attempts, seconds, trail, final, agree, stored: Number(stored[0]?.['n']) });
}

/** What happened, and what stands at the end. */
interface Findings {
  readonly clients: number;
  readonly attempts: readonly Attempt[];
  readonly seconds: number;
  readonly trail: readonly TrailEntry[];
  /** The record as Postgres holds it. */
  readonly final: { readonly version: number; readonly note: string | null };
  /** Whether every client shows it so. */
  readonly agree: boolean;
  /** Conflicts in the database. */
  readonly stored: number;
}

function report({ clients, attempts, seconds, trail, final, agree, stored }: Findings): boolean {
  const accepted = attempts.filter(({ outcome }) => outcome.outcome === 'accepted');
  const conflicts = attempts.filter(({ outcome }) => outcome.outcome === 'conflict');
  const replayed = replay(trail);
  console.log(
    `${clients} clients, ${attempts.length} edits in ${seconds.toFixed(1)} s: ` +
      `${accepted.length} accepted, ${conflicts.length} told that someone was first\n`,
  );
  return printReport({
    drill: 'last-version',
    checks: [
      {
        name: 'zero accepted edits on an old version: each made the version after the one it was based on',
        holds: accepted.every(
          ({ outcome, baseVersion }) => outcome.outcome === 'accepted' && outcome.version === baseVersion + 1,
        ),
      },
      {
        name: 'exactly one winner per version',
        holds: new Set(accepted.map(({ baseVersion }) => baseVersion)).size === accepted.length,
      },
      {
        name: 'the audit trail holds each accepted edit once, in order, with its value, and nothing else',
        holds: replayed.isUnbroken && isTrailOf(trail, accepted),
      },
      {
        name: 'a sequential replay of the trail ends at the final version and value',
        holds:
          replayed.version === final.version && replayed.note === final.note && final.version === accepted.length + 1,
      },
      {
        name: 'every loser was told, and every conflict is stored',
        holds: attempts.length === accepted.length + conflicts.length && stored === conflicts.length,
      },
      { name: 'all clients show the final version', holds: agree },
    ],
    figures: {
      clients,
      accepted: accepted.length,
      conflicts: conflicts.length,
      acceptedOnOldVersion: accepted.filter(
        ({ outcome, baseVersion }) => outcome.outcome === 'accepted' && outcome.version !== baseVersion + 1,
      ).length,
      finalVersion: final.version,
      seconds: Math.round(seconds * 10) / 10,
    },
  });
}

let operations = 0;

/** Edits on the version the client sees, until all clients together have had enough accepted. */
async function editUntilDone(
  context: BenchContext,
  client: SyncClient,
  { record, index, progress }: { record: number; index: number; progress: { left: number } },
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  while (progress.left > 0) {
    context.signal.throwIfAborted();
    const baseVersion = client.store.get(record)?.version ?? 0;
    const operation = (operations += 1);
    const note = `client ${index}, edit ${operation}`;
    const [outcome] = await client.edit([{ record, baseVersion, set: { note } }]);
    if (!outcome) throw new Error('an edit had no outcome');
    attempts.push({ operation, baseVersion, note, outcome });
    if (outcome.outcome === 'accepted') progress.left -= 1;
    if (outcome.outcome === 'conflict') {
      await waitUntil(() => (client.store.get(record)?.version ?? 0) >= outcome.current.version);
    }
    await sleep(Math.random() * THINK_MS);
  }
  return attempts;
}

interface TrailEntry {
  readonly version: number;
  readonly before: string | null;
  readonly after: string | null;
}

async function readTrail(system: Meldesync, record: number): Promise<TrailEntry[]> {
  const rows = await runSql(
    system.ownerUrl,
    `select version, before->>'note' as before, after->>'note' as after from changes
     where record_id = $1 and op = 'update' order by id`,
    [record],
  );
  return rows.map((row) => ({
    version: Number(row['version']),
    before: row['before'] as string | null,
    after: row['after'] as string | null,
  }));
}

async function readRecord(system: Meldesync, record: number): Promise<{ version: number; note: string | null }> {
  const [row] = await runSql(system.ownerUrl, 'select version, note from records where id = $1', [record]);
  return { version: Number(row?.['version']), note: (row?.['note'] ?? null) as string | null };
}

/** Carries the trail out from version 1 on; broken where an entry does not begin where the one before it ended. */
function replay(trail: readonly TrailEntry[]): { version: number; note: string | null; isUnbroken: boolean } {
  let state = { version: 1, note: null as string | null, isUnbroken: true };
  for (const { version, before, after } of trail) {
    const isUnbroken = state.isUnbroken && version === state.version + 1 && before === state.note;
    state = { version, note: after, isUnbroken };
  }
  return state;
}

function isTrailOf(trail: readonly TrailEntry[], accepted: readonly Attempt[]): boolean {
  const notes = new Map(accepted.map(({ baseVersion, note }) => [baseVersion + 1, note]));
  return trail.length === accepted.length && trail.every(({ version, after }) => notes.get(version) === after);
}
