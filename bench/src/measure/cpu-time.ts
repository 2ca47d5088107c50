import { readFile } from 'node:fs/promises';

/** Unit of the times in /proc/<pid>/stat: USER_HZ, which Linux gives programs as 100 on every machine Node runs on. */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/<pid>/stat after the program's name, counted from the state (proc_pid_stat(5), fields 14 and 15). */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/**
 * CPU seconds, in the program and in the kernel for it, of all threads of a process so far.
 * @param stat content of /proc/<pid>/stat
 */
export function parseCpuSeconds(stat: string): number {
  // The name stands in brackets and may itself hold brackets and spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
  if (Number.isNaN(ticks)) throw new Error('not the content of /proc/<pid>/stat');
  return ticks / TICKS_PER_SECOND;
}

/** CPU seconds that processes have used so far, in sum. Linux only. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8')));
  return stats.reduce((sum, stat) => sum + parseCpuSeconds(stat), 0);
}
