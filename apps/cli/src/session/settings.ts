import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../errors.ts';
import { systemCode } from '../system-code.ts';

const settings = z.object({
  /** Origin that was signed in to last. */
  server: z.string().optional(),
  /** Bearer token for `server`; absent after a logout. */
  token: z.string().optional(),
  /** Id of the workspace chosen at `server`. */
  workspace: z.string().optional(),
});

/** What is remembered between two calls. */
export type Settings = z.infer<typeof settings>;

/** `$XDG_CONFIG_HOME/meldesync/config.json` (XDG Base Directory Specification). */
export function settingsPath(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return join(base, 'meldesync', 'config.json');
}

/** Reads what is remembered; empty when nothing was stored yet. Throws `configUnreadable`. */
export async function readSettings(env: NodeJS.ProcessEnv): Promise<Settings> {
  const path = settingsPath(env);
  try {
    return settings.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return {};
    throw new CliError('configUnreadable', { path }, { cause: error });
  }
}

/**
 * Replaces what is remembered. The file holds a token, so only its owner may read it (0600), and it is replaced as a
 * whole, so that a call at the same time never reads half of it. Throws `configUnwritable`.
 */
export async function writeSettings(env: NodeJS.ProcessEnv, next: Settings): Promise<void> {
  const path = settingsPath(env);
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new CliError('configUnwritable', { path, reason: systemCode(error) ?? 'I/O' }, { cause: error });
  }
}
