import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { useTemporaryFolders } from '../../test/temporary-folders.ts';
import { TestKeyring } from '../../test/test-keyring.ts';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { runCli } from '../app.ts';
import { openSignIns } from '../session/sign-ins.ts';

const makeFolder = useTemporaryFolders();

let server: Server;
let origin: string;
let env: NodeJS.ProcessEnv;
let keyring: TestKeyring;
let ended: (string | undefined)[];

beforeAll(async () => {
  server = createServer((request, response) => {
    ended.push(request.headers.authorization);
    response.writeHead(200).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server?.close());

beforeEach(async () => {
  env = { XDG_CONFIG_HOME: await makeFolder() };
  keyring = new TestKeyring();
  ended = [];
  const signIns = await openSignIns({ env, openKeyring: async () => keyring });
  await signIns.keep(origin, 'secret', undefined);
});

async function logout() {
  const terminal = createTestTerminal(['logout'], { env, openKeyring: async () => keyring });
  return { exitCode: await runCli(terminal), out: terminal.out(), err: terminal.err() };
}

it('a logout takes the token out of the keyring and ends its session', async () => {
  expect(await logout()).toEqual({ exitCode: 0, out: `Abgemeldet von ${origin}.\n`, err: '' });
  expect([keyring.secrets.size, ended]).toEqual([0, ['Bearer secret']]);
  expect(await logout()).toMatchObject({ exitCode: 0, out: 'Es war niemand angemeldet.\n' });
});

it('a logout whose keyring is locked is none: it says so, fails, and is done by the next one', async () => {
  keyring.isLocked = true;
  const refused = await logout();
  expect(refused).toMatchObject({ exitCode: 1, out: '' });
  expect(refused.err).toMatch(new RegExp(`Ein Token für ${origin} liegt noch darin .*meldesync logout`));
  expect([keyring.secrets.size, ended]).toEqual([1, []]);
  keyring.isLocked = false;
  expect(await logout()).toEqual({ exitCode: 0, out: `Abgemeldet von ${origin}.\n`, err: '' });
  expect([keyring.secrets.size, ended]).toEqual([0, ['Bearer secret']]);
});

it('a logout ends the session of a token that cannot be removed', async () => {
  keyring.remove = () => Promise.reject(new Error('refused'));
  expect(await logout()).toMatchObject({ exitCode: 1, out: '' });
  expect([keyring.secrets.size, ended]).toEqual([1, ['Bearer secret']]);
});
