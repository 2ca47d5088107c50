import { expect, it } from 'vitest';
import { useTemporaryFolders } from '../../test/temporary-folders.ts';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { runCli } from '../app.ts';
import { openSignIns } from '../session/sign-ins.ts';

const makeFolder = useTemporaryFolders();
const ONE = 'https://one.example.org';
const TWO = 'https://two.example.org';

/** A machine on which somebody is signed in at two servers, the second one last. */
async function twoServers() {
  const home = { XDG_CONFIG_HOME: await makeFolder(), MELDESYNC_KEYRING: 'off' };
  const signIns = await openSignIns({ env: home });
  await signIns.keep(ONE, 'token-of-one', 'w1');
  await signIns.keep(TWO, 'token-of-two', undefined);
  return async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const terminal = createTestTerminal(['servers', ...args], { env: { ...home, ...env } });
    return { exitCode: await runCli(terminal), out: terminal.out(), err: terminal.err() };
  };
}

const chosenIn = (out: string) =>
  (JSON.parse(out) as { servers: { server: string; chosen: boolean }[] }).servers
    .filter(({ chosen }) => chosen)
    .map(({ server }) => server);

it('lists where one is signed in, and says where commands go; no token is shown', async () => {
  const run = await twoServers();
  const { out } = await run(['--json']);
  expect(JSON.parse(out)).toEqual({
    servers: [
      { server: ONE, token: 'file', workspace: 'w1', chosen: false },
      { server: TWO, token: 'file', workspace: null, chosen: true },
    ],
  });
  const table = (await run([])).out;
  expect(table).toMatch(/^\* +https:\/\/two\.example\.org +ja/m);
  expect(table + out).not.toContain('token-of');
});

it('goes to another one from then on, or for one call or shell', async () => {
  const run = await twoServers();
  expect(chosenIn((await run(['--json'], { MELDESYNC_SERVER: ONE })).out)).toEqual([ONE]);
  expect(chosenIn((await run(['--json', '--server', ONE])).out)).toEqual([ONE]);
  expect(await run(['--use', 'one.example.org'])).toMatchObject({
    exitCode: 0,
    out: `Befehle gehen jetzt an ${ONE}.\n`,
  });
  expect(chosenIn((await run(['--json'])).out)).toEqual([ONE]);
});

it('chooses none where nobody is signed in', async () => {
  const run = await twoServers();
  expect((await run(['--use', 'https://three.example.org'])).exitCode).toBe(4);
  expect(chosenIn((await run(['--json'])).out)).toEqual([TWO]);
});

it('says so where none is known', async () => {
  const terminal = createTestTerminal(['servers'], { env: { XDG_CONFIG_HOME: await makeFolder() } });
  expect(await runCli(terminal)).toBe(0);
  expect([terminal.out(), terminal.err()]).toEqual(['', 'Es gibt keine.\n']);
});
