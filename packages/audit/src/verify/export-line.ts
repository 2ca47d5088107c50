import { z } from 'zod';
import { columnsOf, type EntryHeader, type EntrySource } from '../entry.ts';
import { jsonbMembers, jsonbText, NotJson } from '../jsonb-text.ts';
import type { Seal } from '../seal.ts';

/** What a line of an export, or of an archive, says. */
export type ExportLine =
  | { readonly type: 'begin' }
  | { readonly type: 'end'; readonly entries: number; readonly isWhole: boolean }
  | { readonly type: 'seal'; readonly seal: Seal }
  | {
      readonly type: 'entry';
      readonly header: EntryHeader;
      /** The jsonb text of `[before, after]`. */
      readonly content: string;
      /** Null where it was not sealed when it was written out. */
      readonly sealed: ExportedLeaf | null;
      /** Whether the moment for people is that of the microseconds, which is what was sealed. */
      readonly isTimeTrue: boolean;
    };

/** Where an entry was sealed, as the line says. */
interface ExportedLeaf {
  readonly seal: number;
  readonly position: number;
  readonly salt: Buffer | null;
  readonly commitment: Buffer | null;
  /** From below; of an archive alone. */
  readonly siblings: readonly Buffer[] | null;
}

const digits = z.string().regex(/^\d{1,20}$/);
const hex = z
  .string()
  .regex(/^(?:[0-9a-f]{2})*$/)
  .transform((text) => Buffer.from(text, 'hex'));
const column = z.string().nullable();
const source = z.enum(['c', 'e']);
const no = digits.transform(Number);

const exported = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('meldesync-audit-export') }),
  z.looseObject({ type: z.literal('end'), entries: z.int().nonnegative() }),
  z.looseObject({ type: z.literal('cut-off'), entries: z.int().nonnegative() }),
  z.looseObject({
    type: z.literal('entry'),
    source,
    id: digits,
    txid: digits,
    at: z.string(),
    micros: z.string().regex(/^-?\d{1,19}$/),
    sealed: z
      .object({ seal: no, position: z.int().nonnegative(), salt: hex.nullable(), commitment: hex.nullable() })
      .nullable(),
  }),
]);

const archived = z.discriminatedUnion('line', [
  z.object({ line: z.literal('seal'), seal: z.record(z.string(), column) }),
  z.object({
    line: z.literal('entry'),
    source,
    id: digits,
    header: z.record(z.string(), column),
    before: z.unknown(),
    after: z.unknown(),
    salt: hex.nullable(),
    content: hex,
    seal: no,
    position: z.int().nonnegative(),
    siblings: z.array(hex),
  }),
]);

const sealColumns = z.object({
  no,
  incarnation: z.string(),
  changes_base: digits,
  events_base: digits,
  first_txid: digits.nullable(),
  last_txid: digits.nullable(),
  leaves: no,
  size: no,
  at: z.string(),
  root: hex,
  previous: hex,
  link: hex,
});

/** Null for a line that is none of an export or an archive. */
export function parseExportLine(text: string): ExportLine | null {
  try {
    const line: unknown = JSON.parse(text);
    return fromExport(text, line) ?? fromArchive(text, line);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof NotJson) return null;
    throw error;
  }
}

function fromExport(text: string, line: unknown): ExportLine | null {
  const parsed = exported.safeParse(line);
  if (!parsed.success) return null;
  const { data } = parsed;
  switch (data.type) {
    case 'meldesync-audit-export':
      return { type: 'begin' };
    case 'end':
    case 'cut-off':
      return { type: 'end', entries: data.entries, isWhole: data.type === 'end' };
    case 'entry': {
      const columns = columnsFrom(data.source, data);
      const content = textOf(text, ',"content":');
      if (columns === null || content === null) return null;
      const { source: of, id, txid, at, micros, sealed } = data;
      return {
        type: 'entry',
        header: { source: of, id, txid, micros, columns },
        content,
        sealed: sealed && { ...sealed, siblings: null },
        isTimeTrue: microsOf(at) === micros,
      };
    }
  }
}

function fromArchive(text: string, line: unknown): ExportLine | null {
  const parsed = archived.safeParse(line);
  if (!parsed.success) return null;
  const { data } = parsed;
  if (data.line === 'seal') {
    const seal = sealColumns.safeParse(data.seal);
    if (!seal.success) return null;
    const { changes_base, events_base, first_txid, last_txid, at, ...rest } = seal.data;
    return {
      type: 'seal',
      seal: {
        ...rest,
        changesBase: changes_base,
        eventsBase: events_base,
        firstTxid: first_txid,
        lastTxid: last_txid,
        micros: at,
      },
    };
  }
  const columns = columnsFrom(data.source, data.header);
  const { txid, at } = data.header;
  if (columns === null || typeof txid !== 'string' || typeof at !== 'string') return null;
  const { seal, position, salt, content: commitment, siblings } = data;
  const members = jsonbMembers(text);
  const [before, after] = [members.get('before'), members.get('after')];
  if (before === undefined || after === undefined) return null;
  return {
    type: 'entry',
    header: { source: data.source, id: data.id, txid, micros: at, columns },
    content: `[${before}, ${after}]`,
    sealed: { seal, position, salt, commitment, siblings },
    isTimeTrue: true,
  };
}

/** Microseconds since 1970 of a moment as exports say it, with six decimal places, in UTC; null where it is none. */
function microsOf(at: string): string | null {
  const [, whole = '', fraction = ''] = /^(.*)\.(\d{6})Z$/.exec(at) ?? [];
  const seconds = Date.parse(`${whole}Z`);
  return Number.isNaN(seconds) ? null : String(BigInt(seconds) * 1_000n + BigInt(fraction));
}

/** The columns of an entry, in their order; null where one is missing. */
function columnsFrom(of: EntrySource, values: Readonly<Record<string, unknown>>): Array<string | null> | null {
  const columns: Array<string | null> = [];
  for (const name of columnsOf(of)) {
    const value = column.safeParse(values[name]);
    if (!value.success) return null;
    columns.push(value.data);
  }
  return columns;
}

/** What stands behind a key that is the last of its line, digit by digit: read and written again, a number could come out otherwise. */
function textOf(line: string, key: string): string | null {
  const at = line.indexOf(key);
  return at === -1 ? null : jsonbText(line.slice(at + key.length, line.lastIndexOf('}')));
}
