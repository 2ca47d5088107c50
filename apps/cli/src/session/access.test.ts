import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryFolders } from '../../test/temporary-folders.ts';
import { resolveAccess } from './access.ts';

const makeFolder = useTemporaryFolders();

const ONE = 'https://one.example.org';
const TWO = 'https://two.example.org';

/** Somebody is signed in at the first of two servers. */
const stored = {
  server: ONE,
  workspaceOf: (server: string) => (server === ONE ? 'w1' : undefined),
  tokenOf: async (server: string) => (server === ONE ? { token: 'stored', place: 'file' as const } : undefined),
};
const nothing = { server: undefined, workspaceOf: () => undefined, tokenOf: async () => undefined };

describe('where to go and as whom', () => {
  it('is what was stored', async () => {
    expect(await resolveAccess({}, {}, stored)).toEqual({
      server: ONE,
      token: 'stored',
      source: 'file',
      workspace: 'w1',
    });
  });

  it('is what the environment says before that', async () => {
    const env = { MELDESYNC_SERVER: 'two.example.org', MELDESYNC_TOKEN: 'other', MELDESYNC_WORKSPACE: 'w2' };
    const access = { server: TWO, token: 'other', source: 'environment', workspace: 'w2' };
    expect(await resolveAccess({}, env, stored)).toEqual(access);
  });

  it('is what the options say before all', async () => {
    const env = { MELDESYNC_SERVER: 'two.example.org', MELDESYNC_WORKSPACE: 'w2' };
    expect(await resolveAccess({ server: 'one.example.org', workspace: 'w3' }, env, stored)).toMatchObject({
      server: ONE,
      token: 'stored',
      workspace: 'w3',
    });
  });

  it('is as whom a file says, which goes before the environment', async () => {
    const tokenFile = join(await makeFolder(), 'token');
    await writeFile(tokenFile, 'of-the-file\nand more\n');
    const env = { MELDESYNC_TOKEN: 'other' };
    const access = { token: 'of-the-file', source: 'token-file' };
    expect(await resolveAccess({ tokenFile }, env, stored)).toMatchObject(access);
    expect(await resolveAccess({}, { MELDESYNC_TOKEN_FILE: tokenFile }, stored)).toMatchObject(access);
  });

  it('is not known from a file without a token', async () => {
    const tokenFile = join(await makeFolder(), 'token');
    await expect(resolveAccess({ tokenFile }, {}, stored)).rejects.toMatchObject({
      key: 'tokenFileUnreadable',
      params: { reason: 'ENOENT' },
    });
    await writeFile(tokenFile, '\n');
    await expect(resolveAccess({ tokenFile }, {}, stored)).rejects.toMatchObject({ key: 'tokenFileUnreadable' });
  });

  it('never shows the token of one server to another', async () => {
    await expect(resolveAccess({ server: 'two.example.org' }, {}, stored)).rejects.toMatchObject({
      key: 'notSignedIn',
      params: { server: TWO },
    });
  });

  it('does not take the workspace of one server to another', async () => {
    const access = await resolveAccess({ server: 'two.example.org' }, { MELDESYNC_TOKEN: 'other' }, stored);
    expect(access.workspace).toBeUndefined();
  });

  it('needs a server', async () => {
    await expect(resolveAccess({}, { MELDESYNC_TOKEN: 'x' }, nothing)).rejects.toMatchObject({ key: 'noServer' });
  });
});
