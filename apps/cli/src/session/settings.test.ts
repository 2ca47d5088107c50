import { mkdir, mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readSettings, settingsPath, writeSettings } from './settings.ts';

let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  env = { XDG_CONFIG_HOME: await mkdtemp(join(tmpdir(), 'meldesync-settings-')) };
});

describe('what is remembered', () => {
  it('is nothing at first', async () => {
    expect(await readSettings(env)).toEqual({});
  });

  it('comes back as it was written', async () => {
    const settings = { server: 'https://meldesync.example.org', token: 'secret', workspace: 'w' };
    await writeSettings(env, settings);
    expect(await readSettings(env)).toEqual(settings);
  });

  it('can be read by its owner alone, also after it was written over', async () => {
    await mkdir(dirname(settingsPath(env)), { recursive: true });
    await writeFile(settingsPath(env), '{}', { mode: 0o644 });
    await writeSettings(env, { token: 'secret' });
    expect((await stat(settingsPath(env))).mode & 0o777).toBe(0o600);
    expect(await readdir(dirname(settingsPath(env)))).toEqual(['config.json']);
  });

  it('is refused when it is damaged', async () => {
    await mkdir(dirname(settingsPath(env)), { recursive: true });
    await writeFile(settingsPath(env), '{"server": 1');
    await expect(readSettings(env)).rejects.toMatchObject({ key: 'configUnreadable' });
    await writeFile(settingsPath(env), '{"server": 1}');
    await expect(readSettings(env)).rejects.toMatchObject({ key: 'configUnreadable' });
  });

  it('lies in the home folder without XDG_CONFIG_HOME', () => {
    expect(settingsPath({ HOME: '/home/me' })).toBe('/home/me/.config/meldesync/config.json');
  });
});
