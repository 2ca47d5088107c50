import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { proofWithin, treeLevels } from '@meldesync/audit';
import { type Database, readLeaves, readSeals, type SealedEntry } from '@meldesync/db';
import { entryLine, sealLine } from './archive-line.ts';

/** A file of what goes, which is on the disk before it does. */
export interface ArchiveFile extends AsyncDisposable {
  /** What the event calls it by. */
  readonly name: string;
  /** Appends entries with what proves them, and returns once the disk has them. */
  append(entries: readonly SealedEntry[]): Promise<void>;
}

/** So many trees of seals are kept, since entries that go together were mostly sealed together. */
const KEPT_TREES = 32;

/**
 * Makes an archive in a folder, readable to its owner alone. Never the folder: where it is missing a mount may be away, and what goes would be on
 * another disk. Throws ENOENT then.
 */
export async function createArchive(folder: string, wanted: string, database: Database): Promise<ArchiveFile> {
  const { file, name } = await openNew(folder, wanted);
  const trees = new Map<string, readonly (readonly Buffer[])[]>();
  const told = new Set<string>();
  const treeOf = async (seal: string) => {
    const known = trees.get(seal);
    if (known) return known;
    const made = treeLevels(await readLeaves(database.drizzle, seal));
    trees.set(seal, made);
    for (const [oldest] of trees) if (trees.size > KEPT_TREES) trees.delete(oldest);
    return made;
  };
  return {
    name,
    append: async (entries) => {
      const fresh = [...new Set(entries.map(({ seal }) => seal))].filter((seal) => !told.has(seal));
      const lines = (await readSeals(database.drizzle, fresh)).map(sealLine);
      for (const seal of fresh) told.add(seal);
      for (const entry of entries) lines.push(entryLine(entry, proofWithin(await treeOf(entry.seal), entry.position)));
      await file.appendFile(lines.map((line) => `${line}\n`).join(''));
      await file.sync();
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

/** One that is there already is of a run that was cut off: it is left as it is. */
async function openNew(folder: string, wanted: string): Promise<{ file: FileHandle; name: string }> {
  for (let attempt = 1; ; attempt++) {
    const name = attempt === 1 ? `${wanted}.jsonl` : `${wanted}-${attempt}.jsonl`;
    try {
      const file = await open(join(folder, name), 'ax', 0o600);
      await syncFolder(folder);
      return { file, name };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Brings the names of a folder to the disk, as `fsync` of a file does not. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
