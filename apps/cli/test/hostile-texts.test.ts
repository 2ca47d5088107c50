import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();

/** Clears a screen, names a window, hides what follows, turns its direction around, begins a line; and a mark to find it by. */
const HOSTILE = '\u001b[2J\u001b]0;pwned\u0007\u001b[8m\u009b31m\u202eMARK\u2028\u2066\r\nline';
/** All that steers a terminal but line breaks, and the colours of the command line itself. */
const STEERS = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const ESCAPE = '\u001b';
const COLOURS = new RegExp(`${ESCAPE}\\[(?:1|2|22|31|32|33|36|39)m`, 'g');

let cluster: Cluster;
let admin: TestPerson;
let record: number;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  const { workspace } = cluster;
  admin = await cluster.addPerson(HOSTILE, { workspace, role: 'admin' });
  const colleague = await cluster.addPerson(`${HOSTILE} zwei`, { workspace, role: 'editor' });
  [record = 0] = await cluster.addRecords(1, { caseId: 'F-1' });
  await cluster.sql('update workspaces set name = $1 where id = $2', [HOSTILE, workspace]);
  await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [admin.id]);
  await cluster.sql('update auth.session set user_agent = $1', [HOSTILE]);
  // As somebody with psql would: what the application refuses may be in the database all the same.
  await cluster.sql('update records set note = $1, case_id = $1, assignee = $2 where id = $3', [
    HOSTILE,
    colleague.id,
    record,
  ]);
  await cluster.sql(
    `insert into imports (id, workspace_id, created_by, filename, size_bytes, status) values (gen_random_uuid(), $1, $2, $3, 1, 'failed')`,
    [workspace, admin.id, HOSTILE],
  );
});
afterAll(() => cluster?.[Symbol.asyncDispose]());

async function run(args: readonly string[]): Promise<string> {
  const terminal = createTestTerminal(args, {
    env: {
      XDG_CONFIG_HOME: await makeFolder(),
      MELDESYNC_SERVER: cluster.url(),
      MELDESYNC_TOKEN: admin.token,
      FORCE_COLOR: '1',
    },
  });
  await runCli(terminal);
  return terminal.out() + terminal.err();
}

it.each([
  ['list'],
  ['list', '--json'],
  ['show', 'RECORD'],
  ['show', 'RECORD', '--json'],
  ['whoami'],
  ['workspaces'],
  ['imports'],
  ['imports', '--json'],
  ['who'],
  ['audit', 'query'],
  ['audit', 'query', '--json'],
  ['audit', 'report', HOSTILE],
  ['admin', 'members'],
  ['admin', 'accounts'],
  ['admin', 'accounts', '--json'],
])('%s %s %s: nothing that others have written steers the terminal', async (...args) => {
  const command = args.filter((arg) => arg !== undefined).map((arg) => (arg === 'RECORD' ? String(record) : arg));
  await eventually(async () => expect(await run(command)).toContain('MARK'));
  expect((await run(command)).replaceAll(COLOURS, '')).not.toMatch(STEERS);
});
