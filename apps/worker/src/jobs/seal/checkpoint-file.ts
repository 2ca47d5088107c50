import { type FileHandle, open } from 'node:fs/promises';
import { type Checkpoint, checkpointLine, parseCheckpointLine } from '@meldesync/audit';

/** A file of checkpoints, which only grows. Opened for each line, so that it may be moved away. */
export interface CheckpointFile {
  /** The last one in it; null where there is none. */
  readonly last: () => Promise<Checkpoint | null>;
  /** Puts some behind it; resolves once they are on the disk. */
  readonly append: (checkpoints: readonly Checkpoint[]) => Promise<void>;
}

/** Whoever runs the worker reads it, and nobody else. */
const MODE = 0o600;
/** Longer than a line is. */
const TAIL_BYTES = 4_096;
const LINE_END = 0x0a;

export function checkpointFile(path: string): CheckpointFile {
  return {
    last: () => withFile(path, async (file) => (await readTail(file)).last),
    append: (checkpoints) =>
      withFile(path, async (file) => {
        const { end } = await readTail(file);
        const text = checkpoints.map((checkpoint) => `${checkpointLine(checkpoint)}\n`).join('');
        // What was half written when the power went was told to nobody.
        await file.truncate(end);
        await file.write(text, end, 'utf8');
        await file.datasync();
      }),
  };
}

async function withFile<Result>(path: string, use: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await openOrMake(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return open(path, 'wx+', MODE);
  }
}

/** The last whole line, and where it ends. */
async function readTail(file: FileHandle): Promise<{ last: Checkpoint | null; end: number }> {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const tail = buffer.subarray(0, bytesRead);
  const whole = tail.lastIndexOf(LINE_END) + 1;
  const lines = tail.subarray(0, whole).toString('utf8').trimEnd().split('\n');
  return { last: parseCheckpointLine(lines.at(-1) ?? ''), end: from + whole };
}
