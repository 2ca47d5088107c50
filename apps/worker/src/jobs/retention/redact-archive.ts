import { createHash } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenErasure } from '@meldesync/db';
import { syncFolder } from './archive-file.ts';
import { type ArchivedEntry, erasedLine } from './archive-line.ts';
import { readArchive } from './read-archive.ts';

/** What archives are searched for; what is found is added. */
interface Wanted {
  /** Another one may call something else by the same name. */
  readonly workspace: string;
  readonly records: Set<string>;
  readonly isName: (text: string) => boolean;
}

const ARCHIVE = '.jsonl';
/** An archive that is being written anew. */
const FRESH = '.new';

/**
 * Takes what was erased out of all archives of a folder: each one that has something of it is written anew, with the leaves and siblings that
 * prove that the entries were there. How many entries lost their content. Whoever is ended in between begins anew, and has the rest to do.
 * Throws ENOENT where the folder is missing: a mount may be away, and what it holds would stay.
 */
export async function redactArchives(folder: string, erasure: OpenErasure): Promise<number> {
  const names = await readdir(folder);
  // Left by a worker that was ended: nobody would look for names in it.
  for (const name of names) if (name.endsWith(ARCHIVE + FRESH)) await rm(join(folder, name));
  const files = names.filter((name) => name.endsWith(ARCHIVE)).toSorted();
  const hashes = new Set(erasure.hashes.map((hash) => hash.toString('hex')));
  const found = new Set<string>();
  const wanted: Wanted = {
    workspace: erasure.workspaceId,
    records: new Set(erasure.records),
    isName: (text) => found.has(text.toLowerCase()) || hashes.has(hashOf(erasure.salt, text)),
  };
  // Of records that were gone from the database by then only an archive says in which case they were, and how they are called.
  for (const file of files)
    for await (const { entry } of readArchive(join(folder, file))) {
      if (entry === null || !isOf(wanted, entry) || entry.header['op'] !== 'delete') continue;
      const record = entry.header['record_id'];
      if (!record || !isNameOf(wanted, entry.before?.['caseId'])) continue;
      wanted.records.add(record);
      for (const number of [entry.before?.['vorgangsnummer'], entry.after?.['vorgangsnummer']])
        if (typeof number === 'string') found.add(number.toLowerCase());
    }
  let redacted = 0;
  for (const file of files) redacted += await redactFile(folder, file, erasure.event, wanted);
  return redacted;
}

async function redactFile(folder: string, file: string, event: string, wanted: Wanted): Promise<number> {
  const path = join(folder, file);
  if (!(await isConcerned(path, wanted))) return 0;
  const fresh = `${path}${FRESH}`;
  let redacted = 0;
  const output = await open(fresh, 'ax', 0o600);
  try {
    for await (const { text, entry, isWhole } of readArchive(path)) {
      // Nothing was cut for half an entry: it is in another archive, too, or still in the database.
      if (!isWhole) break;
      const isErased = entry !== null && concerns(entry, wanted);
      if (isErased) redacted++;
      await output.appendFile(`${isErased ? erasedLine(entry, event) : text}\n`);
    }
    await output.sync();
  } finally {
    await output.close();
  }
  await rename(fresh, path);
  await syncFolder(folder);
  return redacted;
}

/** Half an entry may be one of the case: nobody can tell. */
async function isConcerned(path: string, wanted: Wanted): Promise<boolean> {
  for await (const { entry, isWhole } of readArchive(path))
    if (!isWhole || (entry !== null && concerns(entry, wanted))) return true;
  return false;
}

function concerns(entry: ArchivedEntry, wanted: Wanted): boolean {
  const { header, before, after, salt } = entry;
  if (salt === null || !isOf(wanted, entry)) return false;
  const record = header['record_id'];
  if (record && wanted.records.has(record)) return true;
  return [before, after].some((content) => textsOf(content).some((text) => names(wanted, text)));
}

const isOf = ({ workspace }: Wanted, { header }: ArchivedEntry): boolean => header['workspace_id'] === workspace;

/** A text is a name, or has one among its words. */
function names(wanted: Wanted, text: string): boolean {
  return wanted.isName(text) || text.split(/[^\p{L}\p{N}_-]+/u).some((word) => word !== '' && wanted.isName(word));
}

const isNameOf = (wanted: Wanted, value: unknown): boolean => typeof value === 'string' && wanted.isName(value);

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

function hashOf(salt: Buffer, text: string): string {
  return createHash('sha256').update(salt).update(text).digest('hex');
}
