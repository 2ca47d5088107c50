import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootOfProof } from '@meldesync/audit';
import type { RetentionRun } from '@meldesync/protocol';
import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveLine } from '../src/jobs/retention/archive-line.ts';
import { addOldTrail, sealAll, verify } from './old-trail.ts';

const DELETED = 5_000;
const EVENTS = 40_000;
const MONTHS = 48;

let folder: string;
let cluster: Cluster;
let admin: TestPerson;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meldesync-archive-'));
  cluster = await startCluster({
    nodes: 1,
    logLevel: 'silent',
    retention: {
      policy: {
        operations: { count: 60, unit: 'days' },
        'import-rows': { count: 12, unit: 'months' },
        conflicts: null,
        events: { count: MONTHS, unit: 'months' },
        changes: { count: 120, unit: 'months' },
      },
      archiveFolder: folder,
      lookMs: 50,
    },
  });
  admin = await cluster.addPerson('Anna');
  await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [admin.id]);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const administration = () => cluster.administration(admin);
const run = async (isDryRun: boolean): Promise<RetentionRun> =>
  ended((await administration().askForRetention(isDryRun)).id);
const ended = async (id: number): Promise<RetentionRun> => {
  let found: RetentionRun | undefined;
  await eventually(async () => {
    found = (await administration().retentionRuns()).find((one) => one.id === id && one.finishedAt !== null);
    expect(found).toBeDefined();
  }, 120_000);
  if (!found) throw new Error('a run that does not end');
  return found;
};
const linesOf = async (name: string) =>
  (await readFile(join(folder, name), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => archiveLine.parse(JSON.parse(line)));

describe('retention', () => {
  it('R5.5 lets go of what is over its time, into archives that prove it, and tells of it', async () => {
    const { left } = await addOldTrail(cluster, { deleted: DELETED, events: EVENTS });
    await cluster.sql(
      `insert into edit_operations (workspace_id, operation, user_id, items, outcomes, at)
       select $1, 'operation-' || n, 'anna', '[]', '[]', now() - make_interval(days => n) from generate_series(1, 100) n`,
      [cluster.workspace],
    );
    await sealAll(cluster);
    const sizes = async () => {
      const [row] = await cluster.sql(
        'select (select count(*) from changes)::int as changes, (select count(*) from events)::int as events',
      );
      return row as { changes: number; events: number };
    };
    const before = await sizes();
    const leaves = await cluster.sql('select count(*)::int as count from audit_leaves');

    expect(await verify(cluster)).toMatchObject({ found: 0, cut: 0 });

    const dry = await run(true);
    expect(dry).toMatchObject({ failure: null, isDryRun: true, askedBy: `user:${admin.id}` });
    const counts = Object.fromEntries((dry.report?.lines ?? []).map(({ of, count }) => [of, count]));
    expect(counts).toMatchObject({ changes: 2 * DELETED, events: EVENTS, operations: 41 });
    expect(await sizes()).toMatchObject(before);
    expect(await readdir(folder)).toEqual([]);

    const done = await run(false);
    expect(done.failure).toBeNull();
    expect(Object.fromEntries((done.report?.lines ?? []).map(({ of, count }) => [of, count]))).toEqual(counts);
    const after = await sizes();
    expect(after.changes).toBe(before.changes - 2 * DELETED);
    // Each cut has an event of its own.
    const told = await cluster.sql(`select after from events where kind = 'retention-ran'`);
    expect(after.events).toBe(before.events - EVENTS + told.length);
    const toldCount = (of: string) =>
      told
        .filter((row) => (row['after'] as { of: string }).of === of)
        .reduce((sum, row) => sum + (row['after'] as { count: number }).count, 0);
    expect(toldCount('changes')).toBe(2 * DELETED);
    expect(toldCount('events')).toBe(EVENTS);
    const [kept] = await cluster.sql('select count(*)::int as count from records where id = any($1)', [left]);
    expect(kept).toEqual({ count: left.length });
    expect(await cluster.sql('select * from meldesync_differences(0, 9007199254740991)')).toEqual([]);
    expect(leaves[0]?.['count']).toBeLessThanOrEqual(
      Number((await cluster.sql('select count(*)::int as count from audit_leaves'))[0]?.['count']),
    );

    await sealAll(cluster);
    expect(await verify(cluster)).toMatchObject({ findings: [], cut: 2 * DELETED + EVENTS });

    // What went is in the archive, and leads to what was sealed.
    const names = (await readdir(folder)).toSorted();
    expect(names.length).toBeGreaterThanOrEqual(2);
    let archived = 0;
    for (const name of names) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      const seals = new Map<string, { leaves: number; root: Buffer }>();
      for (const line of await linesOf(name)) {
        if (line.line === 'seal') {
          const [stored] = await cluster.sql(`select encode(root, 'hex') as root from audit_seals where no = $1`, [
            line.seal['no'],
          ]);
          expect(line.seal['root']).toBe(stored?.['root']);
          seals.set(String(line.seal['no']), {
            leaves: Number(line.seal['leaves']),
            root: Buffer.from(String(line.seal['root']), 'hex'),
          });
          continue;
        }
        archived++;
        const { leaves: count, root } = seals.get(line.seal) ?? { leaves: 0, root: Buffer.alloc(0) };
        const siblings = line.siblings.map((one) => Buffer.from(one, 'hex'));
        const leaf = Buffer.from(line.leaf, 'hex');
        if (!rootOfProof(leaf, line.position, count, siblings)?.equals(root))
          throw new Error(`${name} does not prove ${line.source} ${line.id}`);
      }
    }
    expect(archived).toBe(2 * DELETED + EVENTS);
    // And holds what was said, whose commitment its salt gives.
    const first = (await linesOf(names.find((name) => name.startsWith('changes')) ?? '')).find(
      ({ line }) => line === 'entry',
    );
    if (first?.line !== 'entry') throw new Error('an archive without an entry');
    const content = await cluster.sql('select encode(meldesync_entry_content($1, $2), $3) as bytes', [
      JSON.stringify(first.before),
      JSON.stringify(first.after),
      'hex',
    ]);
    const salted = Buffer.concat([
      Buffer.from(first.salt ?? '', 'hex'),
      Buffer.from(String(content[0]?.['bytes']), 'hex'),
    ]);
    expect(createHash('sha256').update(salted).digest('hex')).toBe(first.content);
    expect(await run(false)).toMatchObject({ failure: null });
  });

  it('R5.5 tells all that went when it was begun again, not only what was left', async () => {
    // A worker that ended had begun it, and let go of two of five.
    await cluster.sql(`do $$
      declare run bigint;
      begin
        insert into edit_operations (workspace_id, operation, user_id, items, outcomes, at)
        select '${cluster.workspace}', 'left-' || n, 'anna', '[]', '[]', now() - interval '90 days' from generate_series(1, 5) n;
        insert into retention_runs (asked_by, is_dry_run, started_at) values ('system', false, now()) returning id into run;
        if meldesync_cut_operations(run, now() - interval '60 days', 2) <> 2 then raise exception 'two go'; end if;
      end $$`);
    const [begun] = await cluster.sql('select max(id)::int as id from retention_runs');
    const { failure, report } = await ended(Number(begun?.['id']));
    expect(failure).toBeNull();
    expect(report?.lines.find(({ of }) => of === 'operations')).toMatchObject({ count: 5 });
  });

  it('R5.5 is asked for by administrators of the installation who have proved who they are alone', async () => {
    const other = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'admin' });
    const api = cluster.administration(other);
    await expect(api.askForRetention(true)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(api.retentionRuns()).rejects.toMatchObject({ code: 'forbidden' });
    await cluster.sql(`update auth.session set authenticated_at = now() - interval '1 hour' where user_id = $1`, [
      admin.id,
    ]);
    await expect(administration().askForRetention(false)).rejects.toMatchObject({ code: 'reauthentication-needed' });
    expect(await administration().askForRetention(true)).toMatchObject({ isDryRun: true });
  });
});
