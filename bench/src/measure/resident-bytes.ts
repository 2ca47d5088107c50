import { readFile } from 'node:fs/promises';

/**
 * Memory of a process that is in RAM, in bytes.
 * @param status content of /proc/<pid>/status
 */
export function parseResidentBytes(status: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('not the content of /proc/<pid>/status');
  return Number(kilobytes) * 1_024;
}

/** Memory of a process that is in RAM, in bytes. Linux only. */
export async function residentBytes(pid: number): Promise<number> {
  return parseResidentBytes(await readFile(`/proc/${pid}/status`, 'utf8'));
}
