import { randomUUID } from 'node:crypto';
import { createApi, createSyncClient } from '@meldesync/client';
import { eventually, runSql } from '@meldesync/testkit';
import { tokenAccess } from '../../systems/access.ts';
import type { BenchPerson } from '../../systems/add-people.ts';
import { pause } from './repetition.ts';
import type { StageWorkspace } from './stage.ts';

/** Where people work by hand. */
export interface Desks {
  readonly nodes: readonly { readonly name: string }[];
  /** Origin of each. */
  readonly nodeUrls: readonly string[];
  readonly people: readonly BenchPerson[];
  readonly ownerUrl: string;
}

/** How long an edit, or a refresh that shows it, may take for somebody who works by hand; nodes share a snapshot for 2 s of it. */
const BY_HAND_MS = 5_000;
const ROUND_EVERY_MS = 5_000;

/** A record, and somebody who edits it, at one node. */
interface Desk {
  readonly node: string;
  readonly url: string;
  readonly record: number;
}

/**
 * People without a screen work at each node while Redis is away, on a workspace of their own (R4.3): what they save is acknowledged,
 * a fresh snapshot at every node shows what was saved at each, and in the end Postgres holds it.
 * @returns what fell short, in words
 */
export async function watchWithoutRedis(
  stage: Desks,
  { id: workspace, records }: StageWorkspace,
  signal: AbortSignal,
): Promise<string[]> {
  const token = stage.people[0]?.token ?? '';
  const desks = stage.nodeUrls.map(
    (url, index): Desk => ({ node: stage.nodes[index]?.name ?? '', url, record: records[index] ?? 0 }),
  );
  const why: string[] = [];
  const tried = async (what: string, act: () => Promise<void>): Promise<void> => {
    try {
      await eventually(act, BY_HAND_MS);
    } catch (error) {
      why.push(`without Redis, ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  let round = 0;
  do {
    round += 1;
    const note = `by hand ${round}`;
    await Promise.all(
      desks.map((desk) => tried(`${desk.node} saved nothing`, () => save({ workspace, token, desk, note }))),
    );
    await Promise.all(
      desks.map(({ node, url }) =>
        tried(`a refresh at ${node} did not show what was saved`, () =>
          expectShown({ workspace, token, url, records: desks.map(({ record }) => record), note }),
        ),
      ),
    );
    await pause(ROUND_EVERY_MS, signal);
  } while (!signal.aborted);
  await tried('Postgres does not hold what was saved', async () => {
    const rows = await runSql(stage.ownerUrl, 'select 1 from records where id = any($1) and note = $2', [
      desks.map(({ record }) => record),
      `by hand ${round}`,
    ]);
    if (rows.length !== desks.length) throw new Error(`${rows.length} of ${desks.length} records`);
  });
  return why;
}

/** Somebody edits over HTTP. */
async function save(order: { workspace: string; token: string; desk: Desk; note: string }): Promise<void> {
  const { workspace, token, desk, note } = order;
  const api = createApi(tokenAccess(desk.url, token, BY_HAND_MS));
  const { version, note: before } = await api.record(workspace, desk.record);
  // One whose answer was lost.
  if (before === note) return;
  const [outcome] = await api.edit(workspace, {
    operation: randomUUID(),
    items: [{ record: desk.record, baseVersion: version, set: { note } }],
  });
  if (outcome?.outcome !== 'accepted') throw new Error(`the edit was ${outcome?.outcome}`);
}

/** Somebody who has nothing yet, and no connection, refreshes by hand. */
async function expectShown(order: {
  workspace: string;
  token: string;
  url: string;
  records: readonly number[];
  note: string;
}): Promise<void> {
  const { workspace, token, url, records, note } = order;
  const client = createSyncClient({
    ...tokenAccess(url, token, BY_HAND_MS),
    workspace,
    client: { kind: 'web', version: 'bench' },
  });
  try {
    await client.refresh();
    const shown = records.map((record) => client.store.get(record)?.note);
    if (shown.some((one) => one !== note)) throw new Error(`it shows ${JSON.stringify(shown)}, not ${note}`);
  } finally {
    client.stop();
  }
}
