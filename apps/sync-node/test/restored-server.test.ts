import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrateDatabase, ROLES, requirePostgres } from '@meldesync/db';
import { API_PREFIX, type SnapshotPage } from '@meldesync/protocol';
import {
  callHttp,
  findDumpPrograms,
  runSql,
  startCluster,
  startDumpablePostgres,
  type TestPerson,
} from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';

/** As in `restored-dump.test.ts` of the relay. */
const programs = findDumpPrograms();
const RUNBOOK = fileURLToPath(new URL('../../../docs/runbook.md', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../../../packages/db/migrations', import.meta.url));

/** What the roles of tests sign in with everywhere. */
const PASSWORD = 'test-role';

/** The commands that the runbook gives for a new server. */
async function commands() {
  const text = await readFile(RUNBOOK, 'utf8');
  const section = text.slice(text.indexOf('## Backup and restore'));
  const roles = /^for role in ([a-z ]+); do .*create role (\w+)\$role/m.exec(section);
  const restore = /^pg_restore (.*) --dbname="\$NEW_URL" backup\.dump$/m.exec(section);
  if (!roles || !restore) throw new Error('the runbook says it otherwise now');
  return {
    roles: (roles[1] ?? '').split(' ').map((name) => `${roles[2]}${name}`),
    restore: (restore[1] ?? '').split(' '),
  };
}

describe.skipIf(programs === undefined)('a backup', () => {
  it('is restored into a new server as the runbook says: people, sessions and records are those of before', async () => {
    const { roles, restore } = await commands();
    expect(roles.toSorted()).toEqual(Object.values(ROLES).toSorted());
    const folder = await mkdtemp(join(tmpdir(), 'meldesync-backup-'));
    const dump = join(folder, 'backup.dump');
    await using old = await startDumpablePostgres(programs ?? '');
    await using fresh = await startDumpablePostgres(programs ?? '');
    const counts = `select (select count(*) from records)::int as records, (select count(*) from changes)::int as changes,
      (select count(*) from events)::int as events, (select count(*) from auth.session)::int as sessions`;
    let before: unknown;
    let secret = '';
    let anna: TestPerson;
    let workspace: string;
    {
      await using cluster = await startCluster({
        nodes: 1,
        worker: false,
        logLevel: 'silent',
        postgresUrl: old.url,
        sessionsOfNode: (_node, authSecret) => {
          secret = authSecret;
          return {};
        },
      });
      ({ workspace } = cluster);
      anna = await cluster.addPerson('Anna', { workspace, role: 'editor' });
      await cluster.addRecords(3);
      await old.dump(cluster.database.ownerUrl, dump);
      [before] = await cluster.sql(counts);
    }

    // The owner of the dump here is a superuser, whose default privileges no other role could put back.
    await runSql(fresh.url, 'create role meldesync superuser');
    await runSql(fresh.url, 'create database meldesync owner meldesync');
    const url = new URL(fresh.url);
    url.pathname = '/meldesync';
    for (const role of roles) await runSql(url.href, `create role ${role}`);
    await fresh.restore([...restore, `--dbname=${url.href}`, dump]);
    await migrateDatabase({ ownerUrl: url.href, folder: MIGRATIONS, passwords: { app: PASSWORD, auth: PASSWORD } });
    expect(await runSql(url.href, counts)).toEqual([before]);
    expect(await runSql(url.href, 'select * from meldesync_changed_triggers()')).toEqual([]);
    expect(await runSql(url.href, 'select * from meldesync_differences(0, 9007199254740991)')).toEqual([]);
    url.username = ROLES.app;
    url.password = PASSWORD;
    expect(await requirePostgres({ url: url.href, logicalLog: true, user: 'node' })).toBeUndefined();

    await using again = await startCluster({
      nodes: 1,
      worker: false,
      relay: false,
      logLevel: 'silent',
      serversOfNode: async (own) => ({ ...own, databaseUrl: url.href }),
      sessionsOfNode: () => ({ authSecret: secret }),
    });
    expect((await callHttp(again, `${API_PREFIX}/me`, { as: anna })).status).toBe(200);
    const { email, password } = anna;
    const signedIn = await callHttp(again, '/api/auth/sign-in/email', {
      method: 'POST',
      headers: { origin: again.url() },
      json: { email, password },
    });
    expect(signedIn.status).toBe(200);
    const snapshot = await callHttp(again, `${API_PREFIX}/workspaces/${workspace}/snapshot`, { as: anna });
    expect(((await snapshot.json()) as SnapshotPage).records).toHaveLength(3);
    await rm(folder, { recursive: true, force: true });
  });
});
