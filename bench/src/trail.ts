import { randomUUID } from 'node:crypto';
import {
  type AuditPosition,
  auditExportPages,
  beginAuditExport,
  beginAuditList,
  connectDatabase,
  continueAuditList,
  type Database,
  pollAuditList,
} from '@meldesync/db';
import { ResourceStack } from '@meldesync/lifecycle';
import type { AuditFilter } from '@meldesync/protocol';
import { addSampleTrail, createTestDatabase } from '@meldesync/testkit';
import type { BenchContext } from './context.ts';
import { formatTable } from './measure/table.ts';

/** Defaults of the options. */
export const TRAIL_OPTIONS = { entries: 1_000_000, rounds: 3 };

/** Within so long a page, filtered or not, is there. */
const TARGET_MS = 1_000;
const PEOPLE = ['anna', 'ben', 'vera', 'karl', 'lotte'];
const PAGE = 100;
/** So many pages are scrolled through. */
const SCROLLED = 30;
const AUTHOR = { actor: 'user:ben', sessionId: randomUUID(), address: null };
const DAY_MS = 86_400_000;

const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const FILTERS: Readonly<Record<string, AuditFilter>> = {
  everything: {},
  'a day half a year ago': { from: ago(181), to: ago(180) },
  'up to 300 days ago': { to: ago(300) },
  'a person': { actors: ['user:anna'] },
  'a person who did nothing': { actors: ['user:nobody'] },
  'a group': { groups: ['sign-in'] },
  'a kind that is not there': { kinds: ['level-chosen'] },
  'a record': { record: 2_000_000_012_345 },
  'a case': { case: 'F-12345' },
  'a text that is rare': { text: 'nadelwort' },
  'a text that is everywhere': { text: 'rückfrage' },
  'a text that is nowhere': { text: 'gibt es nicht' },
};

/**
 * Measures the list of the trail over a year of entries: the first page of each filter, the slowest of those that one scrolls or searches
 * through behind it, the first from the other end, and a poll for what is new.
 * @returns whether each came within a second
 */
export async function runTrail(context: BenchContext, { entries, rounds }: typeof TRAIL_OPTIONS): Promise<boolean> {
  await using stack = new ResourceStack();
  const server = stack.use(await createTestDatabase());
  const database = stack.use(
    connectDatabase({
      url: server.appUrl,
      maxConnections: 2,
      applicationName: 'meldesync-bench',
      onConnectionError: context.fail,
    }),
  );
  const [row] = await server.sql(`insert into workspaces (name) values ('Benchmark') returning id`);
  const workspace = String(row?.['id']);
  context.step(`Writing ${entries} entries`);
  await addSampleTrail(server.sql, { workspace, entries, people: PEOPLE });
  context.step('Reading', 'trial');
  const lines: string[][] = [
    ['filter', 'first page, ms', 'slowest behind it, ms', 'from the oldest, ms', 'poll, ms', 'found'],
  ];
  let slowestMs = 0;
  for (const workspaceId of [workspace, null]) {
    for (const [name, filter] of Object.entries(FILTERS)) {
      context.signal.throwIfAborted();
      const measured = await measure(database, { workspaceId, filter }, rounds);
      slowestMs = Math.max(slowestMs, measured.firstMs, measured.behindMs, measured.oldestMs, measured.pollMs);
      const of = workspaceId === null ? 'all workspaces: ' : '';
      lines.push([
        of + name,
        ...[measured.firstMs, measured.behindMs, measured.oldestMs, measured.pollMs].map((ms) => ms.toFixed(0)),
        String(measured.found),
      ]);
    }
  }
  const exportedPerSecond = await measureExport(database, workspace);
  console.log(formatTable(lines));
  console.log(JSON.stringify({ benchmark: 'trail', entries, slowestMs: Math.round(slowestMs), exportedPerSecond }));
  return slowestMs <= TARGET_MS;
}

async function timed<T>(run: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const begun = performance.now();
  const result = await run();
  return { ms: performance.now() - begun, result };
}

async function measure(
  database: Database,
  view: { readonly workspaceId: string | null; readonly filter: AuditFilter },
  rounds: number,
) {
  let first = await timed(() => beginAuditList(database, { author: AUTHOR, view, limit: PAGE }));
  let firstMs = first.ms;
  for (let round = 1; round < rounds; round++) {
    first = await timed(() => beginAuditList(database, { author: AUTHOR, view, limit: PAGE }));
    firstMs = Math.max(firstMs, first.ms);
  }
  const { read, horizon } = first.result;
  let found = first.result.entries.length;
  let behindMs = 0;
  let from: AuditPosition | null = first.result.next;
  for (let page = 0; from !== null && page < SCROLLED; page++) {
    const position: AuditPosition = from;
    const next = await timed(() => continueAuditList(database, { view, from: position, limit: PAGE }));
    behindMs = Math.max(behindMs, next.ms);
    found += next.result.entries.length;
    from = next.result.next;
  }
  const oldest = await timed(() => beginAuditList(database, { author: AUTHOR, view, limit: PAGE, end: 'oldest' }));
  const poll = await timed(() => pollAuditList(database, { view, horizon, read, limit: PAGE }));
  return { firstMs, behindMs, oldestMs: oldest.ms, pollMs: poll.ms, found };
}

/** Entries a second that an export of a month reads. */
async function measureExport(database: Database, workspaceId: string): Promise<number> {
  const begun = await beginAuditExport(database, {
    author: AUTHOR,
    view: { workspaceId, filter: { from: ago(30) } },
    format: 'jsonl',
  });
  let count = 0;
  const { ms } = await timed(async () => {
    for await (const page of auditExportPages(database, begun)) count += page.length;
  });
  return Math.round((count * 1_000) / ms);
}
