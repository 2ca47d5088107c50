import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError } from '../errors.ts';
import { systemCode } from '../system-code.ts';

/** Anybody but the owner may do something with a file. */
const OF_OTHERS = 0o077;

/** What is kept of `meldesync`: `$XDG_CONFIG_HOME/meldesync` (XDG Base Directory Specification). */
export function configFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'meldesync');
}

/** The JSON of a file, and whether others than its owner may read or write it; undefined where there is none. Throws `configUnreadable`. */
export async function readJsonFile(
  path: string,
): Promise<{ readonly content: unknown; readonly isExposed: boolean } | undefined> {
  try {
    await using file = await open(path, 'r');
    const { mode } = await file.stat();
    // Windows has no such modes: its folders of a person are closed to others.
    const isExposed = process.platform !== 'win32' && (mode & OF_OTHERS) !== 0;
    return { content: JSON.parse(await file.readFile('utf8')) as unknown, isExposed };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new CliError('configUnreadable', { path }, { cause: error });
  }
}

/**
 * Replaces a file that only its owner may read (0600), in a folder of the same kind (0700), as a whole: a call at the same time
 * never reads half of it. Throws `configUnwritable`.
 */
export async function writePrivateJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new CliError('configUnwritable', { path, reason: systemCode(error) ?? 'I/O' }, { cause: error });
  }
}
