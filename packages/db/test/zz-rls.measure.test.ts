import { createTestDatabase, runSql, sampleMeldebestaetigung } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { connectDatabase, editRecords } from '../src/index.ts';

it('measures', { timeout: 600_000 }, async () => {
  await using database = await createTestDatabase();
  const sql = (text: string, values: unknown[] = []) => runSql(database.ownerUrl, text, values);
  const [ws] = await sql(`insert into workspaces (name) values ('A') returning id`);
  const workspace = String(ws?.['id']);
  await sql(`insert into auth."user" (id, name, email) values ('anna','Anna','a@test.example')`);
  await sql(`insert into members (workspace_id, user_id, role) values ($1,'anna','editor')`, [workspace]);
  const samples = Array.from({ length: 20_000 }, (_, index) => sampleMeldebestaetigung(index));
  const rows = await sql(
    `insert into records (workspace_id, vorgangsnummer, ibe) select $1, v, i from unnest($2::text[], $3::text[]) as s(v,i) returning id`,
    [workspace, samples.map((s) => s.vorgangsnummer), samples.map((s) => s.ibe)],
  );
  const ids = rows.map((r) => Number(r['id']));
  const versions = new Map<number, number>();
  const setting = new URL(database.appUrl);
  const pool = connectDatabase({
    url: setting.href,
    maxConnections: 1,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  await pool.drizzle.execute(`select set_config('meldesync.workspace', '${workspace}', false)` as never);
  const round = async (count: number) => {
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      const record = ids[Math.floor(Math.random() * ids.length)] ?? 0;
      const base = versions.get(record) ?? 1;
      const begun = performance.now();
      const result = await editRecords(pool, {
        workspaceId: workspace,
        actor: { userId: 'anna', via: 'web', operation: crypto.randomUUID() },
        items: [{ record, baseVersion: base, set: { note: `n${i}` } }],
      });
      times.push(performance.now() - begun);
      if (!('outcomes' in result) || result.outcomes[0]?.outcome !== 'accepted')
        throw new Error(JSON.stringify(result));
      versions.set(record, base + 1);
    }
    times.sort((a, b) => a - b);
    const at = (q: number) => (times[Math.floor(times.length * q)] ?? 0).toFixed(3);
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  };
  const tables = ['records', 'edit_operations', 'conflicts', 'changes', 'members', 'imports', 'events'];
  const on = async () => {
    for (const t of tables) {
      await sql(`alter table ${t} enable row level security`);
      await sql(`drop policy if exists own on ${t}`);
      await sql(
        `create policy own on ${t} to meldesync_app using (workspace_id = current_setting('meldesync.workspace', true)::uuid) with check (workspace_id = current_setting('meldesync.workspace', true)::uuid)`,
      );
    }
  };
  const off = async () => {
    for (const t of tables) await sql(`alter table ${t} disable row level security`);
  };
  await round(2_000);
  const found: unknown[] = [];
  for (let i = 0; i < 6; i++) {
    await off();
    await round(300);
    found.push(['off', await round(3_000)]);
    await on();
    await round(300);
    found.push(['on', await round(3_000)]);
  }
  console.log(JSON.stringify(found, null, 0));
  const copy = await runSql(database.appUrl, `copy records (workspace_id, vorgangsnummer, ibe) from program 'x'`).catch(
    (e: Error) => e.message,
  );
  console.log(copy);
  await pool[Symbol.asyncDispose]();
  expect(1).toBe(1);
});
