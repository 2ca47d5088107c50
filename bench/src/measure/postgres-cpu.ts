import { readdir, readFile } from 'node:fs/promises';

/** Unit of the times in /proc/<pid>/stat: USER_HZ, which Linux gives programs as 100 on every machine Node runs on. */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/<pid>/stat after the program's name, counted from the state (proc_pid_stat(5)). */
const PARENT = 1;
/** In the program and in the kernel for it: its own, then that of children that have ended. */
const TICKS = [11, 12];
const ENDED_TICKS = [13, 14];

/** CPU seconds that a whole Postgres has used so far: all its processes, and those that have ended. Linux only; `backend` is one of them. */
export async function postgresCpuSeconds(backend: number): Promise<number> {
  const postmaster = (await fieldsOf(backend))?.[PARENT];
  if (postmaster === undefined) throw new Error('that process is gone');
  let ticks = 0;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const fields = await fieldsOf(Number(pid));
    if (fields === null) continue;
    const isPostmaster = pid === String(postmaster);
    if (!isPostmaster && fields[PARENT] !== postmaster) continue;
    for (const field of isPostmaster ? [...TICKS, ...ENDED_TICKS] : TICKS) ticks += fields[field] ?? 0;
  }
  return ticks / TICKS_PER_SECOND;
}

/** Null for a process that is gone. */
async function fieldsOf(pid: number): Promise<number[] | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return null;
  }
}
