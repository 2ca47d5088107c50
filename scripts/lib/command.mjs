import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.mjs';

/**
 * The first of the named programs that is on the PATH.
 * @param {string[]} names
 * @returns {string | undefined} its absolute path
 */
export function findProgram(names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a short command and returns what it wrote to standard output, or undefined where it failed.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 * @returns {string | undefined}
 */
export function tryOutput(command, args, options = {}) {
  const result = spawnSync(command, args, { ...options, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {{ uid: number, gid: number }} [user]
 * @property {number} [timeoutMs] how long it may take; then it is killed
 */

/**
 * Runs a command to its end.
 * @param {string} title what it does, for the message of a failure
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} its standard output
 * @throws {Failure} with all its output, if it does not end with 0
 */
export async function run(title, command, args, options = {}) {
  const { status, stdout, output } = await runToEnd(command, args, options);
  if (status === 0) return stdout;
  throw new Failure(
    [`${title} failed (${command} ended with ${status}).`, output.trimEnd()].filter(Boolean).join('\n'),
  );
}

/**
 * Runs a command to its end, however it ends.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ status: number | string, stdout: string, output: string }>}
 *   the exit code or signal, standard output, and both outputs as they came
 */
export function runToEnd(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...options.user,
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => resolve({ status: error.message, stdout, output }));
    child.on('close', (code, signal) => {
      const late = child.killed ? `${signal}, after ${options.timeoutMs} ms` : undefined;
      resolve({ status: code ?? late ?? signal ?? 1, stdout, output });
    });
  });
}
