import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTemporaryFolders } from '../../test/temporary-folders.ts';
import { TestKeyring } from '../../test/test-keyring.ts';
import { settingsPath } from './settings.ts';
import { credentialsPath, openSignIns } from './sign-ins.ts';

const makeFolder = useTemporaryFolders();

const ONE = 'https://one.example.org';
const TWO = 'https://two.example.org';

let env: NodeJS.ProcessEnv;
let keyring: TestKeyring;

beforeEach(async () => {
  env = { XDG_CONFIG_HOME: await makeFolder() };
  keyring = new TestKeyring();
});

const withKeyring = () => openSignIns({ env, openKeyring: async () => keyring });
const withoutKeyring = () => openSignIns({ env });
const written = async (): Promise<string> => readFile(settingsPath(env), 'utf8');

describe('a token', () => {
  it('is kept in the keyring where there is one, and in no file', async () => {
    expect(await (await withKeyring()).keep(ONE, 'secret', 'w')).toBe('keyring');
    expect([...keyring.secrets]).toEqual([[ONE, 'secret']]);
    expect(await written()).not.toContain('secret');
    await expect(stat(credentialsPath(env))).rejects.toMatchObject({ code: 'ENOENT' });
    const signIns = await withKeyring();
    expect(await signIns.tokenOf(ONE)).toEqual({ token: 'secret', place: 'keyring' });
    expect([signIns.server, signIns.workspaceOf(ONE)]).toEqual([ONE, 'w']);
  });

  it('is kept in a file that its owner alone can read where no keyring works', async () => {
    keyring.isLocked = true;
    expect(await (await withKeyring()).keep(ONE, 'secret', undefined)).toBe('file');
    expect((await stat(credentialsPath(env))).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(credentialsPath(env)))).mode & 0o777).toBe(0o700);
    expect(await (await withoutKeyring()).tokenOf(ONE)).toEqual({ token: 'secret', place: 'file' });
  });

  it('is kept in a file where the keyring is not wanted', async () => {
    env['MELDESYNC_KEYRING'] = 'off';
    expect(await (await withKeyring()).keep(ONE, 'secret', undefined)).toBe('file');
    expect(keyring.secrets.size).toBe(0);
  });

  it('is refused from a file that others can read', async () => {
    await (await withoutKeyring()).keep(ONE, 'secret', undefined);
    await chmod(credentialsPath(env), 0o640);
    const signIns = await withoutKeyring();
    await expect(signIns.tokenOf(ONE)).rejects.toMatchObject({
      key: 'credentialsExposed',
      params: { path: credentialsPath(env) },
    });
    await expect(signIns.keep(TWO, 'other', undefined)).rejects.toMatchObject({ key: 'credentialsExposed' });
  });

  it('that is in the keyring is not sent for in the file, and a keyring that does not answer is told of', async () => {
    await (await withKeyring()).keep(ONE, 'secret', undefined);
    keyring.isLocked = true;
    await expect((await withKeyring()).tokenOf(ONE)).rejects.toMatchObject({ key: 'keyringUnreadable' });
    await expect((await withoutKeyring()).tokenOf(ONE)).rejects.toMatchObject({ key: 'keyringUnreadable' });
  });

  it('leaves the file when a keyring has come', async () => {
    await (await withoutKeyring()).keep(ONE, 'first', undefined);
    await (await withKeyring()).keep(ONE, 'second', undefined);
    expect(JSON.parse(await readFile(credentialsPath(env), 'utf8'))).toEqual({});
    expect(await (await withKeyring()).tokenOf(ONE)).toEqual({ token: 'second', place: 'keyring' });
  });
});

describe('a token that the keyring does not let go of', () => {
  const leave = async (): Promise<void> => {
    await (await withKeyring()).keep(ONE, 'first', 'w');
    keyring.isLocked = true;
  };

  it('is told of when another one takes its place in the file, until the keyring has given it up', async () => {
    await leave();
    const signIns = await withKeyring();
    expect(await signIns.keep(ONE, 'second', 'w')).toBe('file');
    expect(signIns.isLeftInKeyring(ONE)).toBe(true);
    // Where no keyring is wanted it stays as well.
    expect(await (await withoutKeyring()).keep(ONE, 'third', 'w')).toBe('file');
    expect((await withoutKeyring()).isLeftInKeyring(ONE)).toBe(true);
    keyring.isLocked = false;
    const later = await withKeyring();
    expect(await later.forget(ONE)).toBe('third');
    expect(later.isLeftInKeyring(ONE)).toBe(false);
    expect(keyring.secrets.size).toBe(0);
  });

  it('is told of when it is to be forgotten, and is not in use any more', async () => {
    await leave();
    const signIns = await withKeyring();
    expect(await signIns.forget(ONE)).toBeUndefined();
    const read = await withKeyring();
    expect([read.isLeftInKeyring(ONE), await read.tokenOf(ONE), read.workspaceOf(ONE)]).toEqual([true, undefined, 'w']);
    keyring.isLocked = false;
    expect(await read.forget(ONE)).toBe('first');
    expect(read.isLeftInKeyring(ONE)).toBe(false);
    expect(keyring.secrets.size).toBe(0);
  });

  it('is replaced when the keyring takes the next one', async () => {
    await leave();
    await (await withKeyring()).keep(ONE, 'second', undefined);
    keyring.isLocked = false;
    const signIns = await withKeyring();
    expect(await signIns.keep(ONE, 'third', undefined)).toBe('keyring');
    expect([signIns.isLeftInKeyring(ONE), ...keyring.secrets]).toEqual([false, [ONE, 'third']]);
    expect(JSON.parse(await readFile(credentialsPath(env), 'utf8'))).toEqual({});
  });
});

describe('several servers', () => {
  it('have a token and a workspace each; the last one is the one to go to', async () => {
    const signIns = await withoutKeyring();
    await signIns.keep(ONE, 'first', 'w1');
    await signIns.keep(TWO, 'second', 'w2');
    const read = await withoutKeyring();
    expect(read.server).toBe(TWO);
    expect([(await read.tokenOf(ONE))?.token, (await read.tokenOf(TWO))?.token]).toEqual(['first', 'second']);
    expect([read.workspaceOf(ONE), read.workspaceOf(TWO)]).toEqual(['w1', 'w2']);
  });

  it('are signed out of one by one', async () => {
    for (const open of [withoutKeyring, withKeyring]) {
      const signIns = await open();
      await signIns.keep(ONE, 'first', 'w1');
      await signIns.keep(TWO, 'second', undefined);
      await signIns.forget(ONE);
      const read = await open();
      expect([await read.tokenOf(ONE), (await read.tokenOf(TWO))?.token]).toEqual([undefined, 'second']);
      expect(read.workspaceOf(ONE)).toBe('w1');
    }
    expect([...keyring.secrets.keys()]).toEqual([TWO]);
  });
});

it('what a release up to 0.3.0 kept in one file is moved when it is next read', async () => {
  await mkdir(dirname(settingsPath(env)), { recursive: true, mode: 0o700 });
  await writeFile(settingsPath(env), JSON.stringify({ server: ONE, token: 'secret', workspace: 'w' }), { mode: 0o600 });
  expect(await (await withKeyring()).tokenOf(ONE)).toEqual({ token: 'secret', place: 'keyring' });
  expect(await written()).not.toContain('secret');
  const signIns = await withKeyring();
  expect([signIns.server, signIns.workspaceOf(ONE)]).toEqual([ONE, 'w']);
});
