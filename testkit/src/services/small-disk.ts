import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';

/** Puts a disk of its own on a folder. */
export function mountDisk(folder: string, bytes: number): void {
  const { uid, gid } = statSync(folder);
  const options = `size=${bytes},mode=0700,uid=${uid},gid=${gid}`;
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`a small disk cannot be had here: ${stderr.trim()}`);
  process.on('exit', () => unmountDisk(folder));
}

/** Takes it away again; nothing happens where there is none. */
export function unmountDisk(folder: string): void {
  if (readFileSync('/proc/mounts', 'utf8').includes(` ${folder} `)) spawnSync('umount', ['--lazy', folder]);
}

/** Writes until nothing more fits. @returns how many bytes that were */
export function fill(path: string): number {
  const file = openSync(path, 'w');
  let written = 0;
  try {
    for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
      const piece = Buffer.alloc(bytes);
      try {
        for (;;) written += writeSync(file, piece);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
  return written;
}
