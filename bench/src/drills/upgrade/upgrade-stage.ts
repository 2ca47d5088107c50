import { createHmac, randomBytes } from 'node:crypto';
import { ROLES } from '@meldesync/db';
import { ResourceStack } from '@meldesync/lifecycle';
import { eventually, newSessionToken, runSql, serverPort, startTestRedis, testEnvironment } from '@meldesync/testkit';
import type { BenchContext } from '../../context.ts';
import { PATIENCE_MS } from '../../poll.ts';
import { builtProgram, startProgram } from '../../processes/program.ts';
import { createServerPart, type ServerPart } from '../../processes/server-part.ts';
import type { BenchPerson } from '../../systems/add-people.ts';
import { addRecords } from '../../systems/add-records.ts';
import { migrateBy, ROLE_PASSWORD } from './migrate-by.ts';
import type { Release } from './release.ts';

const PREFIX = 'upgrade';
const RECORDS = 60;
const PART_NAMES = ['worker', 'relay', 'node-1', 'node-2'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** A MeldeSync whose processes can be replaced one by one by those of another release, on its place and under its name. */
export interface UpgradeStage extends AsyncDisposable {
  readonly ownerUrl: string;
  readonly nodeUrls: readonly string[];
  readonly workspace: string;
  readonly records: readonly number[];
  readonly people: readonly BenchPerson[];
  /** Replaces a part by that of the other release as the runbook says; resolves when that is ready. */
  replace(name: PartName, by: Release): Promise<void>;
  /** Of which release each part is. */
  releases(): Readonly<Record<PartName, string>>;
}

/** Starts one of a release, on a database that this release has made. */
export async function startUpgradeStage(
  context: BenchContext,
  release: Release,
  people: number,
): Promise<UpgradeStage> {
  await using stack = new ResourceStack();
  const ownerUrl = await makeDatabase();
  const slot = `slot_${new URL(ownerUrl).pathname.slice(1)}`;
  stack.defer(() => dropDatabase(ownerUrl, slot));
  await migrateBy(release, ownerUrl);
  const redis = stack.use(await startTestRedis({ prefix: PREFIX }));
  const authSecret = randomBytes(32).toString('hex');
  const ports = { 'node-1': await serverPort(), 'node-2': await serverPort() };
  const programs = stack.use(new ResourceStack());
  // A machine that is busy would have imports rest, which is tried elsewhere.
  const limits = { DEGRADE_LATENCY_MS: '600000,600000,600000', DEGRADE_FEED_SECONDS: '3600,3600,3600' };
  const shared = {
    ...limits,
    REDIS_PREFIX: PREFIX,
    // A few people stand for many.
    PERSON_CONNECTIONS: '100000',
    LOG_LEVEL: 'warn',
  };
  const parts = new Map<PartName, { part: ServerPart; release: Release }>();
  const start = async (name: PartName, of: Release): Promise<void> => {
    const program = name === 'worker' || name === 'relay' ? name : 'sync-node';
    const adminPort = String(await serverPort());
    const role = program === 'sync-node' ? 'app' : program;
    const environment = {
      ...shared,
      NODE_NAME: name,
      ADMIN_PORT: adminPort,
      DATABASE_URL: withUser(ownerUrl, ROLES[role]),
      REDIS_URL: redis.urlAs(program === 'sync-node' ? 'node' : program),
      // The release before knows nothing of it, and has no rights as it where it has made the database.
      ...(program === 'sync-node'
        ? { AUTH_DATABASE_URL: withUser(ownerUrl, ROLES.auth), AUTH_SECRET: authSecret }
        : {}),
      ...(program === 'relay' ? { REPLICATION_SLOT: slot } : {}),
      ...(name === 'node-1' || name === 'node-2'
        ? { HOST: '127.0.0.1', PORT: String(ports[name]), BASE_URL: `http://127.0.0.1:${ports[name]}` }
        : {}),
    };
    const args = builtProgram(program, of.file('dist/'));
    const part = createServerPart({
      name,
      adminUrl: `http://127.0.0.1:${adminPort}`,
      run: () =>
        programs.use(startProgram({ context, name: `${name} of ${of.commit}`, args, environment, isServer: true })),
    });
    parts.set(name, { part, release: of });
    await part.ready();
  };
  await start('relay', release);
  await eventually(async () => {
    context.signal.throwIfAborted();
    if ((await runSql(ownerUrl, 'select 1 from feed_state')).length === 0) throw new Error('there is no epoch');
  }, PATIENCE_MS);
  for (const name of PART_NAMES.filter((one) => one !== 'relay')) await start(name, release);
  const workspace = await addWorkspace(ownerUrl);
  const records = await addRecords(ownerUrl, workspace, RECORDS);
  const signedIn = await addPeople({ ownerUrl, authSecret, workspace, count: people });
  const owned = stack.move();
  return {
    ownerUrl,
    nodeUrls: [`http://127.0.0.1:${ports['node-1']}`, `http://127.0.0.1:${ports['node-2']}`],
    workspace,
    records,
    people: signedIn,
    replace: async (name, by) => {
      const before = parts.get(name)?.part;
      // The next relay stands by before the active one goes; what serves people needs the port of the one before.
      if (name === 'relay') await start(name, by);
      await before?.kill('SIGTERM');
      if (name !== 'relay') await start(name, by);
    },
    releases: () =>
      Object.fromEntries([...parts].map(([name, { release: of }]) => [name, of.commit])) as Record<PartName, string>,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/**
 * Runs the migrations of a release beside processes of the one before. Where they replace what sessions are found by, the ones that there
 * were are kept as well: that people sign in anew on nodes of the release before stands in the runbook, and is not what is tried.
 */
export async function migrateBeside(release: Release, ownerUrl: string): Promise<{ readonly sessionsChanged: number }> {
  await runSql(
    ownerUrl,
    `create function keep_session() returns trigger language plpgsql as $$ begin
       insert into auth.session (id, user_id, token, expires_at)
       values ('before-' || old.id, old.user_id, old.token, old.expires_at);
       return null;
     end $$`,
  );
  await runSql(
    ownerUrl,
    `create trigger keep_session after update of token on auth.session
     for each row when (old.token <> new.token) execute function keep_session()`,
  );
  await migrateBy(release, ownerUrl);
  await runSql(ownerUrl, 'drop trigger keep_session on auth.session');
  await runSql(ownerUrl, 'drop function keep_session()');
  const [row] = await runSql(ownerUrl, `select count(*)::int as kept from auth.session where id like 'before-%'`);
  return { sessionsChanged: Number(row?.['kept']) };
}

async function makeDatabase(): Promise<string> {
  const url = new URL(testEnvironment().TEST_DATABASE_URL);
  const name = `upgrade_${randomBytes(6).toString('hex')}`;
  await runSql(url.href, `create database ${name}`);
  url.pathname = `/${name}`;
  return url.href;
}

async function dropDatabase(ownerUrl: string, slot: string): Promise<void> {
  const url = new URL(ownerUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  await runSql(url.href, 'select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1', [
    slot,
  ]);
  await runSql(url.href, `drop database ${name} with (force)`);
}

function withUser(ownerUrl: string, user: string): string {
  const url = new URL(ownerUrl);
  url.username = user;
  url.password = ROLE_PASSWORD;
  return url.href;
}

async function addWorkspace(ownerUrl: string): Promise<string> {
  const [row] = await runSql(ownerUrl, `insert into workspaces (name) values ('Upgrade') returning id`);
  return String(row?.['id']);
}

interface AddPeopleInput {
  readonly ownerUrl: string;
  readonly authSecret: string;
  readonly workspace: string;
  readonly count: number;
}

/** Editors who are signed in, as the release keeps sessions whose database it is: by the token itself, or by its hash. */
async function addPeople({ ownerUrl, authSecret, workspace, count }: AddPeopleInput): Promise<BenchPerson[]> {
  const [row] = await runSql(
    ownerUrl,
    `select exists (select from information_schema.columns
                    where table_schema = 'auth' and table_name = 'session' and column_name = 'key_id') as hashed`,
  );
  const isHashed = row?.['hashed'] === true;
  const people = Array.from({ length: count }, (_, index) => {
    const { token: signed, hash, keyId } = newSessionToken(authSecret);
    const [unsigned = ''] = signed.split('.');
    // In the form of cookies, which every release takes.
    const signature = createHmac('sha256', authSecret).update(unsigned).digest('base64');
    const token = encodeURIComponent(`${unsigned}.${signature}`);
    const id = `person-${index + 1}`;
    return { id, email: `${id}@test.example`, token, stored: isHashed ? hash : unsigned, keyId };
  });
  await runSql(
    ownerUrl,
    `with person as (select * from unnest($2::text[], $3::text[], $4::text[]) as person(id, email, stored)),
          known as (insert into auth."user" (id, name, email) select id, id, email from person),
          signed_in as (insert into auth.session (id, user_id, token, expires_at)
                        select 'session-of-' || id, id, stored, now() + interval '7 days' from person)
     insert into members (workspace_id, user_id, role) select $1, id, 'editor' from person`,
    [workspace, ...(['id', 'email', 'stored'] as const).map((field) => people.map((person) => person[field]))],
  );
  if (isHashed) {
    const keys = people.map(({ keyId }) => keyId);
    await runSql(
      ownerUrl,
      `update auth.session set key_id = key from unnest($1::text[], $2::text[]) as person(id, key)
       where session.id = 'session-of-' || person.id`,
      [people.map(({ id }) => id), keys],
    );
  }
  return people;
}
