import { readFileSync } from 'node:fs';

/**
 * Memory of a process that is in RAM, in bytes.
 * @param {string} status content of /proc/<pid>/status
 */
export function parseResidentBytes(status) {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('not the content of /proc/<pid>/status');
  return Number(kilobytes) * 1_024;
}

/**
 * Memory of a process that is in RAM, in bytes. Linux only; throws where it has ended.
 * @param {number} pid
 */
export function residentBytes(pid) {
  return parseResidentBytes(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
