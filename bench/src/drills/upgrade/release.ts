import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** Kept between drills: to install and build takes minutes. */
const RELEASES = join(ROOT, '.data/releases');
const STAMP = '.ready';
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** A release as it is checked out, installed and built, in a folder of its own. */
export interface Release {
  readonly commit: string;
  readonly folder: string;
  /** One of its files, such as `dist/relay.js`. */
  file(path: string): URL;
}

/** The release that this checkout is. */
export const THIS_RELEASE: Release = releaseIn(ROOT, 'this');

function releaseIn(folder: string, commit: string): Release {
  return { commit, folder, file: (path) => new URL(path, `file://${folder.replace(/\/?$/, '/')}`) };
}

/**
 * Takes a release out of the history of this checkout and builds its programs.
 * @param wanted what git calls it
 * @throws where the history does not go back so far, as in a shallow clone, or is not there
 */
export async function prepareRelease(wanted: string, step: (text: string) => void): Promise<Release> {
  const commit = await resolve(wanted);
  const folder = join(RELEASES, commit);
  const release = releaseIn(folder, commit.slice(0, 8));
  if (existsSync(join(folder, STAMP))) return release;
  step(`Taking ${release.commit} out of the history`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await unpack(commit, folder);
  const isSameLock = (await readLock(folder)) === (await readLock(ROOT));
  step(`Installing the packages of ${release.commit}${isSameLock ? ', which are those of this checkout' : ''}`);
  if (isSameLock) await shareModules(folder);
  else await inFolder(folder, 'npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund']);
  step(`Building ${release.commit}`);
  await inFolder(folder, process.execPath, [
    '--input-type=module',
    '-e',
    `import { ensureBuild } from './scripts/lib/build.mjs'; await ensureBuild(['programs']);`,
  ]);
  await writeFile(join(folder, STAMP), '');
  return release;
}

async function resolve(wanted: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', `${wanted}^{commit}`];
  const found = await run('git', args, { cwd: ROOT }).catch(() => undefined);
  if (!found)
    throw new Error(`the history of this checkout has no ${wanted}: it needs git and a clone that is not shallow`);
  return found.stdout.trim();
}

async function unpack(commit: string, folder: string): Promise<void> {
  const tar = spawn('tar', ['-x', '-C', folder], { stdio: ['pipe', 'inherit', 'inherit'] });
  const git = spawn('git', ['archive', commit], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  git.stdout.pipe(tar.stdin);
  const codes = await Promise.all([git, tar].map(async (child) => ((await once(child, 'close')) as [number])[0]));
  if (codes.some((code) => code !== 0)) throw new Error(`${commit} could not be unpacked`);
}

function readLock(folder: string): Promise<string> {
  return readFile(join(folder, 'package-lock.json'), 'utf8');
}

/** By hard links, which cost nothing; npm's links to workspaces are relative and lead to those of the release. */
async function shareModules(folder: string): Promise<void> {
  await run('cp', ['-al', join(ROOT, 'node_modules'), join(folder, 'node_modules')]);
  await copyFile(join(ROOT, 'package-lock.json'), join(folder, 'package-lock.json'));
}

/** What it writes goes to standard error: standard output is for the result. */
async function inFolder(folder: string, command: string, args: readonly string[]): Promise<void> {
  const { NODE_ENV: _production, ...environment } = process.env;
  try {
    const { stderr } = await run(command, [...args], { cwd: folder, env: environment, maxBuffer: MOST_OUTPUT_BYTES });
    process.stderr.write(stderr);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`${command} failed: ${stderr.trim().split('\n').slice(-5).join(' ')}`, { cause: error });
  }
}
