import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BreakablePostgres,
  type Cluster,
  createTestDatabase,
  eventually,
  freePort,
  runSql,
  startBreakablePostgres,
  startCluster,
  startTestRedis,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';
import { startWrongProxy } from './wrong-proxy.ts';

const makeFolder = useTemporaryFolders();

interface Told {
  readonly failed: number;
  readonly warnings: number;
  readonly findings: readonly { check: string; state: string; finding: string; text: string }[];
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const terminal = createTestTerminal(['doctor', ...args], { env: { XDG_CONFIG_HOME: await makeFolder(), ...env } });
  return { exitCode: await runCli(terminal), out: terminal.out(), err: terminal.err() };
}

/** What the doctor finds, as `state finding` by check, and how it ends. */
async function examine(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { exitCode, out } = await run(['--json', ...args], env);
  const told = JSON.parse(out) as Told;
  expect(told.failed).toBe(told.findings.filter(({ state }) => state === 'failed').length);
  expect(exitCode).toBe(told.failed > 0 ? 1 : 0);
  const of = (check: string) =>
    told.findings.filter((found) => found.check === check).map(({ state, finding }) => `${state} ${finding}`);
  return { of, text: (finding: string) => told.findings.find((found) => found.finding === finding)?.text };
}

describe('the service', () => {
  let cluster: Cluster;
  let editor: TestPerson;

  beforeAll(async () => {
    cluster = await startCluster({ nodes: 1, worker: false, logLevel: 'silent' });
    editor = await cluster.addPerson('Person Eins', { workspace: cluster.workspace, role: 'editor' });
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const as = (server = cluster.url()): NodeJS.ProcessEnv => ({
    MELDESYNC_SERVER: server,
    MELDESYNC_TOKEN: editor.token,
  });

  it('that is well is said to be, a line each, and ends with 0', async () => {
    await eventually(async () => expect((await examine([], as())).of('readiness')).toEqual(['ok usableAndLive']));
    const { exitCode, out, err } = await run([], as());
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^✓ Server +http:\/\/127\.0\.0\.1:\d+ antwortet nach \d+ ms\.$/m);
    expect(out).toMatch(/^✓ Anmeldung +Angemeldet als Person Eins\.$/m);
    expect(out).toMatch(/^✓ WebSocket +Die Live-Verbindung steht, mit node-1\.$/m);
    expect(out).toMatch(/^✓ Hin und zurück +\d+ ms\.$/m);
    expect(out).not.toMatch(/^[✗!]/m);
    expect(err).toBe('0 fehlgeschlagen, 0 Warnungen.\n');
  });

  it('away, or not MeldeSync, or without a sign-in: each says what to do', async () => {
    const away = await examine([], as(`http://127.0.0.1:${await freePort()}`));
    expect(away.of('server')).toEqual(['failed serverUnreachable']);
    expect(away.text('serverUnreachable')).toMatch(/\(ECONNREFUSED\); prüfen Sie/);
    const out = await examine([], { MELDESYNC_SERVER: cluster.url() });
    expect(out.of('signIn')).toEqual(['failed notSignedIn']);
    const none = await run([]);
    expect(none).toMatchObject({ exitCode: 0 });
    expect(none.out).toMatch(/^– Server +Es ist kein Server bekannt/);
  });

  it('with a certificate that is not trusted, which is not said to be the network', async () => {
    const answer = vi
      .spyOn(globalThis, 'fetch')
      .mockRejectedValue(
        new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'CERT_HAS_EXPIRED' }) }),
      );
    const { of, text } = await examine([], as()).finally(() => answer.mockRestore());
    expect(of('server')).toEqual(['failed serverUntrusted']);
    expect(text('serverUntrusted')).toMatch(/\(CERT_HAS_EXPIRED\); .*NODE_EXTRA_CA_CERTS/);
  });

  it('behind a proxy that hands no WebSockets on, and says another time', async () => {
    const date = new Date(Date.now() - 300_000).toUTCString();
    await using proxy = await startWrongProxy(cluster.url(), { date });
    const { of, text } = await examine([], as(proxy.url));
    expect(of('websocket')).toEqual(['failed socketRefused']);
    expect(text('socketRefused')).toContain('Upgrade');
    expect(of('clock')).toEqual(['warning clockDiffers']);
    expect(of('signIn')).toEqual(['ok signInFine']);
  });

  it('behind a balancer that reaches no node', async () => {
    await using proxy = await startWrongProxy(`http://127.0.0.1:${await freePort()}`);
    const { of, text } = await examine([], as(proxy.url));
    expect(of('server')).toEqual(['failed nobodyBehind']);
    expect(of('readiness')).toEqual([]);
    expect(text('nobodyBehind')).toContain(`${proxy.url} `);
  });

  it('R4.3 that hears nothing new', async () => {
    await cluster.redis.kill();
    await eventually(async () => expect((await examine([], as())).of('readiness')).toEqual(['failed notLive']));
    await cluster.redis.start();
    await eventually(async () => expect((await examine([], as())).of('readiness')).toEqual(['ok usableAndLive']));
  });
});

describe('Postgres', () => {
  let postgres: BreakablePostgres;
  beforeAll(async () => {
    postgres = await startBreakablePostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());

  const set = async (...settings: readonly [string, string][]) => {
    // Ours is started with some of them, which outweighs its files.
    for (const [name, value] of settings)
      await runSql(postgres.url, `alter role current_user set ${name} = '${value}'`);
  };

  it('without tables, roles and slot', async () => {
    const { of } = await examine(['--database-url', postgres.url]);
    expect(of('postgres')).toEqual(['failed notMigrated']);
    expect(of('roles')).toEqual(['failed rolesMissing']);
    expect(of('slot')).toEqual(['warning slotMissing']);
    expect(of('walLevel')).toEqual(['ok walLevelFine']);
  });

  it('what of a statement reaches its log, until nothing does', async () => {
    const leaks = async () => {
      const { out } = await run(['--json', '--database-url', postgres.url]);
      const { findings } = JSON.parse(out) as Told;
      return findings
        .filter(({ check }) => check === 'statementLog')
        .map(({ state, text }) => `${state} ${text.split(' ')[0]}`);
    };
    // As Postgres comes; ours is set otherwise.
    await set(
      ['log_min_error_statement', 'error'],
      ['log_error_verbosity', 'default'],
      ['log_parameter_max_length', '-1'],
    );
    await eventually(async () =>
      expect(await leaks()).toEqual(['warning log_min_error_statement', 'warning log_error_verbosity']),
    );
    await set(
      ['log_statement', 'all'],
      ['log_parameter_max_length_on_error', '-1'],
      ['log_min_duration_statement', '0'],
    );
    await eventually(async () =>
      expect(await leaks()).toEqual([
        'warning log_min_error_statement',
        'warning log_error_verbosity',
        'failed log_statement',
        'warning log_min_duration_statement',
        'failed log_parameter_max_length',
        'failed log_parameter_max_length_on_error',
      ]),
    );
    await set(
      ['log_statement', 'none'],
      ['log_parameter_max_length_on_error', '0'],
      ['log_min_duration_statement', '-1'],
      ['log_min_error_statement', 'panic'],
      ['log_error_verbosity', 'terse'],
    );
    await eventually(async () =>
      expect((await examine(['--database-url', postgres.url])).of('statementLog')).toEqual(['ok logsNoStatements']),
    );
  });

  it('roles that cannot do their work, a slot that nobody reads, and no room for another', async () => {
    await using database = await createTestDatabase(postgres.url);
    const look = () => examine(['--database-url', database.ownerUrl, '--slot', 'of_the_test']);
    expect((await look()).of('postgres')).toEqual(['ok postgresFine']);
    await runSql(postgres.url, 'alter role meldesync_relay login noreplication');
    await runSql(postgres.url, 'alter role meldesync_worker nologin');
    const without = await look();
    expect(without.of('roles')).toEqual(['warning rolesMute', 'failed relayCannotReplicate']);
    await runSql(postgres.url, 'alter role meldesync_relay replication');
    await runSql(postgres.url, 'alter role meldesync_worker login');
    expect((await look()).of('roles')).toEqual(['ok rolesFine']);
    await database.sql('select meldesync_widen_app()');
    expect((await look()).of('roles')).toEqual(['warning roleWide']);
    await database.sql('select meldesync_narrow_app()');

    const makeSlot = (name: string) => `select pg_create_physical_replication_slot('${name}', true)`;
    await runSql(postgres.url, makeSlot('of_the_test'));
    const idle = await look();
    expect(idle.of('slot')).toEqual(['failed slotIdle']);
    expect(idle.of('replicationSlots')).toEqual(['ok slotsFine']);
    for (let count = 1; count < 10; count++) await runSql(postgres.url, makeSlot(`other_${count}`));
    expect((await look()).of('replicationSlots')).toEqual(['warning slotsUsedUp']);
    await runSql(postgres.url, 'select pg_drop_replication_slot(slot_name) from pg_replication_slots');
  });

  it('whose log nobody can follow', async () => {
    await using other = await startBreakablePostgres({
      settings: { wal_level: 'replica', max_replication_slots: '0' },
    });
    const { of } = await examine(['--database-url', other.url]);
    expect(of('walLevel')).toEqual(['failed walLevelWrong']);
    expect(of('replicationSlots')).toEqual(['failed noSlots']);
  });

  it('with tables of an older or newer release, or for a role that may not see of which', async () => {
    await using database = await createTestDatabase(postgres.url);
    const move = (ms: number) =>
      database.sql(
        'update drizzle.__drizzle_migrations set created_at = created_at + $1 where id = (select max(id) from drizzle.__drizzle_migrations)',
        [ms],
      );
    const look = async (url = database.appUrl) => (await examine(['--database-url', url])).of('postgres');
    expect(await look()).toEqual(['ok postgresFine']);
    await move(-1);
    expect(await look()).toEqual(['failed tablesOlder']);
    await move(2);
    expect(await look()).toEqual(['warning tablesNewer']);
    await move(-1);
    await database.sql('revoke usage on schema drizzle from meldesync_app');
    expect(await look()).toEqual(['skipped tablesHidden']);
    expect(await look(database.ownerUrl)).toEqual(['ok postgresFine']);
  });

  it('R5.5 whose rows are in no month, or whose next month is missing', async () => {
    await using database = await createTestDatabase(postgres.url);
    const look = async (language = 'de', url = database.urlAs('auditor')) =>
      examine(['--database-url', url, '--lang', language]);
    expect((await look()).of('partitions')).toEqual(['ok partitionsFine']);
    const [row] = await database.sql(
      `select to_char((now() at time zone 'UTC') + interval '1 month', 'YYYY_MM') as month`,
    );
    const month = String(row?.['month']);
    const missing = [`events_${month}`, `import_rows_${month}`];
    for (const partition of missing) await database.sql(`drop table ${partition}`);
    const found = await look();
    expect(found.of('partitions')).toEqual(['warning partitionsMissing']);
    expect(found.text('partitionsMissing')).toContain(missing.join(', '));
    for (const table of ['events', 'import_rows']) await database.sql(`select meldesync_${table}_partitions(now())`);
    expect((await look()).of('partitions')).toEqual(['ok partitionsFine']);
    await database.sql(`insert into events (at, kind, actor) values ('1990-01-01', 'sign-in', 'user:anna')`);
    for (const language of ['de', 'en']) {
      const holding = await look(language);
      expect(holding.of('partitions')).toEqual(['warning defaultHoldsRows']);
      expect(holding.text('defaultHoldsRows')).toContain('events_default');
    }
    await database.sql('select meldesync_events_partitions(now())');
    expect((await look('de', database.ownerUrl)).of('partitions')).toEqual(['ok partitionsFine']);
  });

  it('R5.5 whose trail is not sealed, not signed, or not let go of', async () => {
    await using database = await createTestDatabase(postgres.url);
    const look = async (url = database.ownerUrl) => examine(['--database-url', url]);
    const well = await look();
    expect([well.of('trail'), well.of('retention')]).toEqual([['ok trailFine'], ['ok retentionFine']]);
    expect((await look(database.urlAs('auditor'))).of('trail')).toEqual(['ok trailFine']);
    for (const role of ['app', 'relay'] as const)
      expect((await look(database.urlAs(role))).of('trail')).toEqual(['skipped trailHidden']);

    const [row] = await database.sql(`insert into workspaces (name) values ('Testklinik') returning id`);
    const change = (ago: string, record: number) =>
      database.sql(
        `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
         values ($1, $2, 1, 'insert', '{}', '{}', 'user:anna', 'web', now() - $3::interval)`,
        [row?.['id'], record, ago],
      );
    await change('5 minutes', 1);
    const unsealed = await look();
    expect(unsealed.of('trail')).toEqual(['warning trailUnsealed']);
    expect(unsealed.text('trailUnsealed')).toContain(' 5 Minuten ');
    await eventually(async () => {
      await database.sql('select meldesync_seal()');
      expect((await look()).of('trail')).toEqual(['ok trailFine']);
    });
    // A young one is sealed within a second or two.
    await change('30 seconds', 2);
    expect((await look()).of('trail')).toEqual(['ok trailFine']);
    await database.sql('alter table audit_seals disable trigger all');
    await database.sql(`update audit_seals set at = at - interval '20 minutes'`);
    expect((await look()).of('trail')).toEqual(['warning trailUnsigned']);

    const ran = (failure: string | null, stays: string | null) =>
      database.sql(
        `insert into retention_runs (asked_by, is_dry_run, started_at, finished_at, failure, report)
         values ('system', false, now(), now(), $1, jsonb_build_object('tookMs', 1, 'lines', jsonb_build_array(jsonb_build_object('stays', $2::text))))`,
        [failure, stays],
      );
    await ran('ENOSPC', null);
    const failed = await look();
    expect(failed.of('retention')).toEqual(['warning retentionFailed']);
    expect(failed.text('retentionFailed')).toContain('(ENOSPC)');
    await ran(null, 'not-archived');
    await database.sql(
      `insert into erasures (workspace_id, event, records, log_end, salt, hashes, at)
       values ($1, 1, '{}', '0', '\\x00', '{}', now() - interval '1 hour')`,
      [row?.['id']],
    );
    expect((await look()).of('retention')).toEqual(['warning retentionHeldUp', 'warning erasureUnfinished']);
    await database.sql('update erasures set salt = null, hashes = null');
    await ran(null, null);
    expect((await look()).of('retention')).toEqual(['ok retentionFine']);
  });

  it('away, or with a wrong password, which is told of without the address', async () => {
    const wrong = new URL(postgres.url);
    wrong.password = 'not-the-password';
    const refused = await run(['--database-url', wrong.href]);
    expect(refused.exitCode).toBe(1);
    expect(refused.out).toMatch(/^✗ Postgres +Nicht erreichbar, oder die Anmeldung wird abgelehnt \(28P01\)/m);
    expect(refused.out).not.toContain('not-the-password');
    const away = await examine([], { DATABASE_URL: `postgresql://postgres@127.0.0.1:${await freePort()}/postgres` });
    expect(away.of('postgres')).toEqual(['failed serverAway']);
    expect(away.of('redis')).toEqual(['skipped noRedisUrl']);
  });
});

describe('Redis', () => {
  it('that forgets, evicts, fills up or tells of each key; each until it is mended', async () => {
    await using redis = await startTestRedis();
    const look = () => examine([], { REDIS_URL: redis.url });
    const config = (name: string, value: string) => redis.command('CONFIG', 'SET', name, value);
    const first = await look();
    expect(first.of('redis')).toEqual(['ok redisFine']);
    expect(first.of('redisMemory')).toEqual(['ok redisMemoryFine']);
    expect(first.of('redisPersistence')).toEqual(['warning redisForgets']);
    expect(first.of('redisNotifications')).toEqual(['ok redisQuiet']);
    await config('maxmemory-policy', 'allkeys-lru');
    expect((await look()).of('redisMemory')).toEqual(['warning redisEvicts']);
    await config('maxmemory', '100mb');
    expect((await look()).of('redisMemory')).toEqual(['failed redisEvicts']);
    await config('maxmemory-policy', 'noeviction');
    expect((await look()).of('redisMemory')).toEqual(['ok redisMemoryFine']);
    const used = Number(/used_memory:(\d+)/.exec(String(await redis.command('INFO', 'memory')))?.[1]);
    await config('maxmemory', String(Math.ceil(used * 1.08)));
    expect((await look()).of('redisMemory')).toEqual(['warning redisFull']);
    await config('maxmemory', '1');
    expect((await look()).of('redisMemory')).toEqual(['failed redisTakesNothing']);
    await config('maxmemory', '0');
    const [, folder] = (await redis.command('CONFIG', 'GET', 'dir')) as string[];
    // Its snapshot cannot take the place of a folder.
    await mkdir(join(String(folder), 'dump.rdb', 'x'), { recursive: true });
    await config('save', '3600 1');
    await redis.command('BGSAVE');
    await eventually(async () => expect((await look()).of('redisPersistence')).toEqual(['failed redisStuck']));
    await expect(redis.command('SET', 'a', 'b')).rejects.toThrow('MISCONF');
    await config('save', '');
    expect((await look()).of('redisPersistence')).toEqual(['warning redisForgets']);
    await config('appendonly', 'yes');
    await config('notify-keyspace-events', 'KEA');
    const later = await look();
    expect(later.of('redisPersistence')).toEqual(['ok redisAppends']);
    expect(later.of('redisNotifications')).toEqual(['warning redisNotifies']);
  });

  it('that only follows, that does not say its settings, that is away', async () => {
    await using redis = await startTestRedis();
    await redis.command('ACL', 'SETUSER', 'doctor', 'on', '>secret', '~*', '&*', '+@all', '-config');
    const url = new URL(redis.url);
    url.username = 'doctor';
    url.password = 'secret';
    expect((await examine(['--redis-url', url.href])).of('redisNotifications')).toEqual(['skipped redisSaysNothing']);
    await redis.command('REPLICAOF', '127.0.0.1', String(await freePort()));
    expect((await examine(['--redis-url', redis.url])).of('redis')).toEqual(['failed redisReplica']);
    await redis.kill();
    expect((await examine(['--redis-url', redis.url])).of('redis')).toEqual(['failed serverAway']);
  });
});
