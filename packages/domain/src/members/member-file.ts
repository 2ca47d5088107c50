import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { emailAddress, personName } from '../people.ts';
import { endOfDay } from './end-of-day.ts';

/** So many rows a file of members may have. */
export const MAX_MEMBER_ROWS = 1_000;

type MemberRole = 'viewer' | 'editor' | 'admin' | 'auditor';

/** What is wrong with a row: no address, no name, no such role, no day to come; or an address that stands in a row before it. */
export type MemberRowProblem = 'email' | 'name' | 'role' | 'expires' | 'twice';

interface ReadRow {
  /** Line of the file on which it ends, from 1. */
  readonly line: number;
  /** The line on which its address stands first. */
  readonly firstLine: number;
}

/** A row that says whom to invite. */
export interface WantedMember extends ReadRow {
  readonly problem: null;
  /** As kept. */
  readonly email: string;
  readonly name: string | null;
  readonly role: MemberRole;
  /** The end of the last day; null for no end. */
  readonly expiresAt: Date | null;
}

/** A row of which something is wrong, as it is written. */
export interface RefusedMember extends ReadRow {
  readonly problem: MemberRowProblem;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole | null;
  readonly expires: string;
}

export type MemberRow = WantedMember | RefusedMember;

type Column = 'email' | 'name' | 'role' | 'expires';

/** What columns may be called. */
const COLUMNS: Readonly<Record<string, Column>> = {
  email: 'email',
  'e-mail': 'email',
  name: 'name',
  role: 'role',
  rolle: 'role',
  expires: 'expires',
  bis: 'expires',
};

/** What roles may be called: their own names, and what pages and terminals call them. */
const ROLES: Readonly<Record<string, MemberRole>> = {
  viewer: 'viewer',
  read: 'viewer',
  lesen: 'viewer',
  editor: 'editor',
  edit: 'editor',
  bearbeiten: 'editor',
  bearbeitung: 'editor',
  admin: 'admin',
  manage: 'admin',
  verwalten: 'admin',
  verwaltung: 'admin',
  auditor: 'auditor',
  audit: 'auditor',
  prüfen: 'auditor',
  revision: 'auditor',
};

/**
 * Reads a CSV file of members, `email;name;role;expires`, in the order of its rows; `now` in epoch milliseconds. Days end by the clock of
 * `timeZone`, else by the clock here. Null for what is no such file. Of one that is too long there are more than `MAX_MEMBER_ROWS`, and not all.
 */
export function readMemberFile(text: string, now: number, timeZone?: string): MemberRow[] | null {
  const rows = readRows(text);
  const columns = rows?.[0]?.cells.map((cell) => COLUMNS[cell.trim().toLowerCase()]);
  if (!rows || !columns?.includes('email') || !columns.includes('role')) return null;
  /** Where each address stands first. */
  const seen = new Map<string, number>();
  return rows.slice(1).map(({ line, cells }) => {
    const cell = (name: Column): string => cells[columns.indexOf(name)]?.trim() ?? '';
    const row = readRow(
      { email: cell('email'), name: cell('name'), role: cell('role'), expires: cell('expires') },
      { now, timeZone },
    );
    const firstLine = seen.get(row.email) ?? line;
    if (row.problem !== null) return { line, firstLine, ...row };
    if (seen.has(row.email))
      return { line, firstLine, ...row, name: row.name ?? '', expires: cell('expires'), problem: 'twice' };
    seen.set(row.email, line);
    return { line, firstLine, ...row };
  });
}

/** The bytes of a file as text: UTF-8, or what programs that know nothing else write. */
export function decodeMemberFile(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

type Cells = Readonly<Record<Column, string>>;

interface Clock {
  readonly now: number;
  readonly timeZone: string | undefined;
}

function readRow(
  cells: Cells,
  { now, timeZone }: Clock,
): Omit<WantedMember, keyof ReadRow> | Omit<RefusedMember, keyof ReadRow> {
  const email = emailAddress(cells.email);
  const role = ROLES[cells.role.toLowerCase()] ?? null;
  const name = cells.name === '' ? null : personName(cells.name);
  const refused = (problem: MemberRowProblem) => ({
    problem,
    email: email ?? cells.email,
    name: cells.name,
    role,
    expires: cells.expires,
  });
  if (email === undefined) return refused('email');
  if (name === undefined) return refused('name');
  if (role === null) return refused('role');
  const expiresAt = cells.expires === '' ? null : readDay(cells.expires, timeZone);
  if (expiresAt === undefined || (expiresAt && expiresAt.getTime() <= now)) return refused('expires');
  return { problem: null, email, name, role, expiresAt };
}

/** `2027-03-31` or `31.3.2027`: the end of that day. Undefined for what is no day. */
function readDay(text: string, timeZone: string | undefined): Date | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const [year, month, day] = (iso ? iso.slice(1) : german ? german.slice(1).reverse() : []).map(Number);
  return year === undefined || month === undefined || day === undefined
    ? undefined
    : endOfDay(year, month, day, timeZone);
}

/** The rows with the line on which each ends, those without a word left out; null for what is no CSV. */
function readRows(text: string): { line: number; cells: string[] }[] | null {
  const [firstLine = ''] = text.split(/\r\n|\r|\n/, 1);
  try {
    // With `info` each row comes with where it stands, which the types of the library do not say.
    const rows = parse(text, {
      bom: true,
      delimiter: firstLine.includes(';') ? ';' : ',',
      info: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
      to: MAX_MEMBER_ROWS + 2,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return null;
  }
}
