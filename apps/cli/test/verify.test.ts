import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();

let cluster: Cluster;
let viewer: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ worker: false });
  viewer = await cluster.addPerson('Person Vier', { workspace: cluster.workspace, role: 'viewer' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Runs a command line, at one of both nodes. */
async function run(args: readonly string[], { node = 0 }: { readonly node?: number } = {}) {
  const env = {
    XDG_CONFIG_HOME: await makeFolder(),
    MELDESYNC_SERVER: cluster.url(node),
    MELDESYNC_TOKEN: viewer.token,
  };
  const terminal = createTestTerminal(args, { env });
  const exitCode = await runCli(terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

/** Compares, and reads what was found. */
async function verify(at: { readonly node?: number } = {}) {
  const { exitCode, out } = await run(['verify', '--json'], at);
  return { exitCode, found: JSON.parse(out) as Record<string, unknown> };
}

/** Saves a record again and again, each time as soon as the last is saved, until it is disposed of. */
function saveAllTheTime(record: number | undefined): AsyncDisposable {
  const stopping = new AbortController();
  const saving = (async () => {
    for (let i = 0; !stopping.signal.aborted; i++)
      await cluster.sql('update records set note = $1 where id = $2', [`${i}`, record]);
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await saving;
    },
  };
}

describe('verify', () => {
  it('R1.1 says whether database, server and terminal hold the same, also while people write', async () => {
    await cluster.addRecords(3, { first: 900 });
    const quiet = await run(['verify']);
    expect(quiet).toMatchObject({ exitCode: 0, err: '' });
    expect(quiet.out).toContain('Alle haben denselben Stand.');
    const [row] = await cluster.sql('select meldesync_checksum($1) as sum', [cluster.workspace]);
    const { found } = await verify({ node: 1 });
    expect(found).toMatchObject({ isEqual: true, screen: Number(row?.['sum']), feed: found['database'] });
  });

  it('R1.1 does not take for a difference that somebody saves all the time', async () => {
    const [id] = await cluster.addRecords(1, { first: 910 });
    // As long as it takes in a workspace of some 100,000 records: by then what the database said is long over.
    await cluster.sql(`alter function meldesync_checksum(uuid) rename to meldesync_quick_checksum`);
    await cluster.sql(`create function meldesync_checksum(workspace uuid) returns bigint language sql stable as $$
      select sum from (select meldesync_quick_checksum(workspace) as sum offset 0) as found, pg_sleep(0.3) $$`);
    {
      await using _writer = saveAllTheTime(id);
      for (const node of [0, 1])
        expect(await verify({ node })).toMatchObject({ exitCode: 0, found: { isEqual: true } });
    }
    await cluster.sql('drop function meldesync_checksum(uuid)');
    await cluster.sql('alter function meldesync_quick_checksum(uuid) rename to meldesync_checksum');
  });

  it('fails when the database holds something that the feed never told, also while somebody saves all the time', async () => {
    const [hidden, edited] = await cluster.addRecords(2, { first: 920 });
    // Past the triggers, as no program does: only somebody who switches them off.
    const raiseUntold = (by: number) =>
      cluster.sql(`do $$ begin
        alter table records disable trigger user;
        update records set version = version + ${by} where id = ${hidden};
        perform meldesync_enable_triggers();
      end $$`);
    await raiseUntold(1);
    const untold = { count: 1, records: [hidden] };
    expect(await verify()).toMatchObject({ exitCode: 1, found: { isEqual: false, untold } });
    {
      await using _writer = saveAllTheTime(edited);
      expect(await verify()).toMatchObject({ exitCode: 1, found: { isEqual: false } });
    }
    await raiseUntold(-1);
    expect((await run(['verify'])).exitCode).toBe(0);
  });

  it('R3.4 names the records that were written past the triggers, also where the sums agree', async () => {
    const ids = await cluster.addRecords(3, { first: 930 });
    const pastTriggers = (note: string) =>
      cluster.sql(`do $$ begin
        alter table records disable trigger user;
        update records set note = ${note} where id in (${ids.slice(1).join(', ')});
        perform meldesync_enable_triggers();
      end $$`);
    expect((await run(['verify'])).out).toMatch(/^Unbemerkt +nichts$/m);
    await pastTriggers(`'quiet'`);
    const { exitCode, out } = await run(['verify']);
    expect(exitCode).toBe(1);
    expect(out).toContain('Alle haben denselben Stand.');
    expect(out).toContain(`2 Datensätze wurden an den Triggern vorbei geschrieben: ${ids[1]}, ${ids[2]}\n`);
    expect(out).toContain('Von diesen Datensätzen weiß noch kein Bildschirm.');
    await pastTriggers('null');
    expect((await run(['verify'])).exitCode).toBe(0);
  });

  // The last one: nobody relays from here on.
  it('R4.3 says, instead of waiting for ever, that the service hears no news', async () => {
    await cluster.end(cluster.relay);
    await eventually(async () => expect((await fetch(`${cluster.url()}/readyz?live`)).status).toBe(503));
    const { exitCode, out, err } = await run(['verify']);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toContain('erfährt gerade nichts Neues');
    // What is asked of the database is as ever.
    expect((await run(['list'])).exitCode).toBe(0);
  });
});
