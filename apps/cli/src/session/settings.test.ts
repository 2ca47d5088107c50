import { mkdir, mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readSettings, settingsPath, writeSettings } from './settings.ts';

const SERVER = 'https://meldesync.example.org';

let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  env = { XDG_CONFIG_HOME: await mkdtemp(join(tmpdir(), 'meldesync-settings-')) };
});

async function writeRaw(text: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(settingsPath(env)), { recursive: true });
  await writeFile(settingsPath(env), text, { mode });
}

describe('what is remembered', () => {
  it('is nothing at first', async () => {
    expect(await readSettings(env)).toEqual({ settings: { servers: {} } });
  });

  it('comes back as it was written', async () => {
    const settings = { server: SERVER, servers: { [SERVER]: { token: 'file' as const, workspace: 'w' } } };
    await writeSettings(env, settings);
    expect(await readSettings(env)).toEqual({ settings });
  });

  it('can be read by its owner alone, also after it was written over', async () => {
    await writeRaw('{}', 0o644);
    await writeSettings(env, { servers: {} });
    expect((await stat(settingsPath(env))).mode & 0o777).toBe(0o600);
    expect(await readdir(dirname(settingsPath(env)))).toEqual(['config.json']);
  });

  it('is refused when it is damaged', async () => {
    await writeRaw('{"server": 1');
    await expect(readSettings(env)).rejects.toMatchObject({ key: 'configUnreadable' });
    await writeRaw('{"server": 1}');
    await expect(readSettings(env)).rejects.toMatchObject({ key: 'configUnreadable' });
  });

  it('is also what a release up to 0.3.0 wrote, whose token is handed on', async () => {
    await writeRaw(JSON.stringify({ server: SERVER, token: 'secret', workspace: 'w' }));
    expect(await readSettings(env)).toEqual({
      settings: { server: SERVER, servers: { [SERVER]: { workspace: 'w' } } },
      former: { server: SERVER, token: 'secret' },
    });
  });

  it('is refused where others can read a token in it', async () => {
    await writeRaw(JSON.stringify({ server: SERVER, token: 'secret' }), 0o644);
    await expect(readSettings(env)).rejects.toMatchObject({ key: 'credentialsExposed' });
  });

  it('lies in the home folder without XDG_CONFIG_HOME', () => {
    expect(settingsPath({ HOME: '/home/me' })).toBe('/home/me/.config/meldesync/config.json');
  });
});
