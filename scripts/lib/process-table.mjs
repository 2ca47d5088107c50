import { existsSync, readFileSync } from 'node:fs';
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
