import { emailAddress, personName } from '@meldesync/domain';
import { type Role, role as roleSchema } from '@meldesync/protocol';
import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { endOfDay } from '../expiry.ts';

/** What a row will come to: an invitation, nothing, or why not; each has a text in `administration.csv`. */
type RowOutcome =
  | 'willInvite'
  | 'alreadyInvited'
  | 'alreadyMember'
  | 'twice'
  | 'noEmail'
  | 'noName'
  | 'noRole'
  | 'noDay';

export interface PreviewRow {
  /** Line of the file on which it ends, from 1. */
  readonly line: number;
  /** As kept, or as written where it is no address. */
  readonly email: string;
  readonly name: string;
  readonly role: Role | null;
  readonly outcome: RowOutcome;
  /** For `twice`: the line where the address stands first. */
  readonly firstLine: number;
}

/** What a file of members will come to; null where it is none. */
export type Preview = readonly PreviewRow[] | null;

/** Addresses, in lower case, that need no invitation. */
export interface KnownAddresses {
  readonly members: ReadonlySet<string>;
  readonly invited: ReadonlySet<string>;
}

type Column = 'email' | 'name' | 'role' | 'expires';

const COLUMNS: Readonly<Record<string, Column>> = {
  email: 'email',
  'e-mail': 'email',
  name: 'name',
  role: 'role',
  rolle: 'role',
  expires: 'expires',
  bis: 'expires',
};

const ROLES: Readonly<Record<string, Role>> = {
  lesen: 'viewer',
  bearbeiten: 'editor',
  bearbeitung: 'editor',
  verwalten: 'admin',
  verwaltung: 'admin',
  prüfen: 'auditor',
  revision: 'auditor',
};

/** Reads `email;name;role;expires` as the service does, so that nobody is surprised; what counts is what the service says. */
export function previewOf(text: string, known: KnownAddresses, now: number): Preview {
  const rows = readRows(text);
  const columns = rows?.[0]?.cells.map((cell) => COLUMNS[cell.trim().toLowerCase()]);
  if (!rows || !columns?.includes('email') || !columns.includes('role')) return null;
  const seen = new Map<string, number>();
  return rows.slice(1).map(({ line, cells }) => {
    const cell = (name: Column): string => cells[columns.indexOf(name)]?.trim() ?? '';
    const address = emailAddress(cell('email'));
    const word = cell('role').toLowerCase();
    const role = roleSchema.safeParse(ROLES[word] ?? word).data ?? null;
    const firstLine = seen.get(address ?? '') ?? line;
    const row = { line, email: address ?? cell('email'), name: cell('name'), role, firstLine };
    if (address === undefined) return { ...row, outcome: 'noEmail' };
    if (row.name !== '' && personName(row.name) === undefined) return { ...row, outcome: 'noName' };
    if (role === null) return { ...row, outcome: 'noRole' };
    if (!isFuture(cell('expires'), now)) return { ...row, outcome: 'noDay' };
    if (seen.has(address)) return { ...row, outcome: 'twice' };
    seen.set(address, line);
    if (known.members.has(address)) return { ...row, outcome: 'alreadyMember' };
    return { ...row, outcome: known.invited.has(address) ? 'alreadyInvited' : 'willInvite' };
  });
}

/** Whether it is no day at all, or one that is not over. */
function isFuture(text: string, now: number): boolean {
  if (text === '') return true;
  const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const [, day = '', month = '', year = ''] = german ?? [];
  const end = endOfDay(german ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text);
  return end !== null && Date.parse(end) > now;
}

function readRows(text: string): { line: number; cells: string[] }[] | null {
  const [firstLine = ''] = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/, 1);
  try {
    // With `info` each row comes with where it stands, which the types of the library do not say.
    const rows = parse(text, {
      bom: true,
      delimiter: firstLine.includes(';') ? ';' : ',',
      info: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return null;
  }
}
