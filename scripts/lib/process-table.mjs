import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { tryOutput } from './command.mjs';

/**
 * The command line of a running process.
 * @param {number} pid
 * @returns {string | undefined} undefined if there is no such process, or it has ended and nobody took note
 */
export function commandOf(pid) {
  if (!Number.isInteger(pid) || pid < 1) return undefined;
  if (!existsSync('/proc/self/cmdline')) return tryOutput('ps', ['-o', 'command=', '-p', String(pid)]);
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return command === '' ? undefined : command;
  } catch {
    return undefined;
  }
}

/**
 * Whether a process with such a title has that folder for its working directory, as far as this user may know; false on
 * systems that do not say so in `/proc`.
 * @param {string} folder
 * @param {string} title how its command line begins
 */
export function worksIn(folder, title) {
  if (!existsSync('/proc/self/cwd') || !existsSync(folder)) return false;
  const wanted = realpathSync(folder);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === wanted && (commandOf(Number(pid)) ?? '').startsWith(title);
      } catch {
        // It has ended meanwhile, or is somebody else's.
        return false;
      }
    });
}
