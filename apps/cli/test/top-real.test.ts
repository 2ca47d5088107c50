import { type Cluster, eventually, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();

let cluster: Cluster;
let admin: TestPerson;
let editor: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1 });
  admin = await cluster.addPerson('Person Eins', { workspace: cluster.workspace, role: 'admin' });
  editor = await cluster.addPerson('Person Zwei', { workspace: cluster.workspace, role: 'editor' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function run(person: TestPerson, ...args: string[]) {
  const env = {
    XDG_CONFIG_HOME: await makeFolder(),
    MELDESYNC_SERVER: cluster.url(),
    MELDESYNC_TOKEN: person.token,
  };
  const terminal = createTestTerminal(args, { env });
  return { exitCode: await runCli(terminal), out: terminal.out(), err: terminal.err() };
}

it('R5.4 top shows the processes of a real cluster to an admin, and to nobody else', async () => {
  await eventually(async () => {
    const { out } = await run(admin, 'top', '--once');
    expect(out).toMatch(/^node-1 +✓ in Ordnung/m);
    expect(out).toMatch(/^relay +✓ in Ordnung, aktiv/m);
    expect(out).toMatch(/^worker +✓ in Ordnung/m);
  });
  const refused = await run(editor, 'top', '--once');
  expect(refused).toMatchObject({ exitCode: 4, out: '' });
});

it('doctor says of processes, feed and imports what an admin may know, and why others do not hear it', async () => {
  await eventually(async () => {
    const { exitCode, out } = await run(admin, 'doctor');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^✓ Version +Server und Client haben/m);
    expect(out).toMatch(/^✓ Prozesse +3 Prozesse sind in Ordnung\.$/m);
    expect(out).toMatch(/^✓ Feed +Das letzte Lebenszeichen ist \d+ ms alt\.$/m);
  });
  expect((await run(editor, 'doctor')).out).toMatch(/^– Prozesse +.*verwaltet\.$/m);
});
