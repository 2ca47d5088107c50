import type { ArchivedSeal, SealedEntry } from '@meldesync/db';
import { z } from 'zod';

/** The form of an archive's lines. */
const ARCHIVE_FORMAT = 'meldesync-archive-1';

const hex = z.string().regex(/^(?:[0-9a-f]{2})+$/);
const jsonObject = z.record(z.string(), z.unknown());

/** A line of an archive: a link of the chain, which stands before the first entry that it seals, or an entry with what leads to it. */
export const archiveLine = z.discriminatedUnion('line', [
  z.object({
    line: z.literal('seal'),
    format: z.literal(ARCHIVE_FORMAT),
    seal: z.record(z.string(), z.string().nullable()),
  }),
  z.object({
    line: z.literal('entry'),
    source: z.enum(['c', 'e']),
    id: z.string().regex(/^\d+$/),
    header: z.record(z.string(), z.string().nullable()),
    before: jsonObject.nullable(),
    after: jsonObject.nullable(),
    /** Null once the content was erased. */
    salt: hex.nullable(),
    /** The commitment to the content: `sha256(salt || content)`. */
    content: hex,
    leaf: hex,
    seal: z.string().regex(/^\d+$/),
    position: z.int().nonnegative(),
    /** From below; with the position they lead from the leaf to the root of the seal. */
    siblings: z.array(hex),
    /** Id of the event that tells of its erasure. */
    erased: z.string().optional(),
  }),
]);
type ArchiveLine = z.infer<typeof archiveLine>;
export type ArchivedEntry = Extract<ArchiveLine, { line: 'entry' }>;

/** The text of a link's line, without its end. */
export function sealLine({ columns }: ArchivedSeal): string {
  return lineText({ line: 'seal', format: ARCHIVE_FORMAT, seal: { ...columns } });
}

/** The text of an entry's line, without its end. */
export function entryLine(entry: SealedEntry, siblings: readonly Buffer[]): string {
  const { source, id, header, before, after, salt, content, leaf, seal, position } = entry;
  const front = JSON.stringify({ line: 'entry', source, id, header });
  const proof = { salt, content, leaf, seal, position, siblings: siblings.map((one) => one.toString('hex')) };
  // As Postgres prints them, digit by digit: only so do they lead to the leaf.
  return `${front.slice(0, -1)},"before":${before},"after":${after},${JSON.stringify(proof).slice(1)}`;
}

/** The text of an entry's line once its content is erased: the commitment is what the leaf is proved by from then on. */
export function erasedLine(entry: ArchivedEntry, event: string): string {
  return lineText({ ...entry, before: {}, after: {}, salt: null, erased: event });
}

const lineText = (line: ArchiveLine): string => JSON.stringify(line);
