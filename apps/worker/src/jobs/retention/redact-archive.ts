import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { OpenErasure } from '@meldesync/db';
import { syncFolder } from './archive-file.ts';
import { type ArchivedEntry, archiveLine } from './archive-line.ts';

/** What archives are searched for; what is found is added. */
interface Wanted {
  readonly records: Set<string>;
  readonly isName: (text: string) => boolean;
}

/**
 * Takes what was erased out of all archives of a folder: each one that has something of it is written anew, with the leaves and siblings that
 * prove that the entries were there. How many entries lost their content.
 */
export async function redactArchives(folder: string, erasure: OpenErasure): Promise<number> {
  const files = await archivesIn(folder);
  const names = new Set(erasure.hashes.map((hash) => hash.toString('hex')));
  const found = new Set<string>();
  const wanted: Wanted = {
    records: new Set(erasure.records),
    isName: (text) => found.has(text.toLowerCase()) || names.has(hashOf(erasure.salt, text)),
  };
  // Of records that were gone from the database by then only an archive says in which case they were, and how they are called.
  for (const file of files)
    for await (const entry of entriesOf(join(folder, file))) {
      const { before, after, header } = entry;
      const record = header['record_id'];
      if (header['op'] !== 'delete' || !record || !isNameOf(wanted, before?.['caseId'])) continue;
      wanted.records.add(record);
      for (const number of [before?.['vorgangsnummer'], after?.['vorgangsnummer']])
        if (typeof number === 'string') found.add(number.toLowerCase());
    }
  let redacted = 0;
  for (const file of files) redacted += await redactFile(folder, file, erasure.event, wanted);
  return redacted;
}

/** None where nothing was archived yet. */
async function archivesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function redactFile(folder: string, file: string, event: string, wanted: Wanted): Promise<number> {
  const path = join(folder, file);
  let isConcerned = false;
  for await (const entry of entriesOf(path)) {
    isConcerned = concerns(entry, wanted);
    if (isConcerned) break;
  }
  if (!isConcerned) return 0;
  const fresh = `${path}.new`;
  let redacted = 0;
  await rm(fresh, { force: true });
  const output = await open(fresh, 'ax', 0o600);
  try {
    for await (const text of linesOf(path)) {
      const line = archiveLine.parse(JSON.parse(text));
      const isErased = line.line === 'entry' && concerns(line, wanted);
      if (isErased) redacted++;
      await output.appendFile(`${isErased ? JSON.stringify(erased(line, event)) : text}\n`);
    }
    await output.sync();
  } finally {
    await output.close();
  }
  await rename(fresh, path);
  await syncFolder(folder);
  return redacted;
}

/** The commitment is what the leaf is proved by from now on. */
function erased(entry: ArchivedEntry, event: string): ArchivedEntry {
  return { ...entry, before: {}, after: {}, salt: null, erased: event };
}

function concerns({ header, before, after, salt }: ArchivedEntry, wanted: Wanted): boolean {
  if (salt === null) return false;
  const record = header['record_id'];
  if (record && wanted.records.has(record)) return true;
  return [before, after].some((content) => textsOf(content).some((text) => names(wanted, text)));
}

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

async function* entriesOf(path: string): AsyncGenerator<ArchivedEntry> {
  for await (const text of linesOf(path)) {
    const line = archiveLine.parse(JSON.parse(text));
    if (line.line === 'entry') yield line;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
    if (line !== '') yield line;
}
