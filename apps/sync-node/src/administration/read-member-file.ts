import type { NewInvitation } from '@meldesync/db';
import { emailAddress, personName } from '@meldesync/domain';
import { type ErrorCode, type Role, role as roleSchema } from '@meldesync/protocol';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { CodedError } from '../coded-error.ts';

const MAX_ROWS = 1_000;
/** Longest address that an answer repeats: what is none may be anything. */
const MAX_SHOWN = 254;

/** A row of the file: whom to invite, or why not. */
export type MemberRow = { readonly line: number; readonly email: string } & (
  | { readonly wanted: NewInvitation }
  | { readonly rejected: ErrorCode }
);

/** What columns may be called. */
const COLUMNS: Readonly<Record<string, 'email' | 'name' | 'role' | 'expires'>> = {
  email: 'email',
  'e-mail': 'email',
  name: 'name',
  role: 'role',
  rolle: 'role',
  expires: 'expires',
  bis: 'expires',
};

/** What roles may be called, beside their own names. */
const ROLES: Readonly<Record<string, Role>> = {
  lesen: 'viewer',
  bearbeiten: 'editor',
  bearbeitung: 'editor',
  verwalten: 'admin',
  verwaltung: 'admin',
  revision: 'auditor',
};

/** Reads a CSV file of members. Throws `file-unreadable` and `too-many-rows`. */
export function readMemberFile(bytes: Uint8Array): MemberRow[] {
  const [head, ...rows] = readRows(decode(bytes));
  const columns = (head?.cells ?? []).map((cell) => COLUMNS[cell.trim().toLowerCase()]);
  if (!columns.includes('email') || !columns.includes('role'))
    throw new CodedError('file-unreadable', 'columns missing');
  if (rows.length > MAX_ROWS) throw new CodedError('too-many-rows', 'too many rows');
  const seen = new Set<string>();
  return rows.map(({ line, cells }) => {
    const cell = (name: (typeof columns)[number]) => cells[columns.indexOf(name)]?.trim() ?? '';
    const row = readRow({ email: cell('email'), name: cell('name'), role: cell('role'), expires: cell('expires') });
    const email = 'wanted' in row ? row.wanted.email : cell('email').slice(0, MAX_SHOWN);
    if ('wanted' in row && seen.has(email)) return { line, email, rejected: 'email-taken' };
    seen.add(email);
    return { line, email, ...row };
  });
}

type Cells = Readonly<Record<'email' | 'name' | 'role' | 'expires', string>>;

function readRow(cells: Cells): { wanted: NewInvitation } | { rejected: ErrorCode } {
  const email = emailAddress(cells.email);
  if (email === undefined) return { rejected: 'email-invalid' };
  const name = cells.name === '' ? null : personName(cells.name);
  if (name === undefined) return { rejected: 'name-invalid' };
  const word = cells.role.toLowerCase();
  const role = roleSchema.safeParse(ROLES[word] ?? word);
  if (!role.success) return { rejected: 'invalid-field' };
  const memberExpiresAt = cells.expires === '' ? null : endOfDay(cells.expires);
  if (memberExpiresAt === undefined || (memberExpiresAt && memberExpiresAt.getTime() <= Date.now()))
    return { rejected: 'expiry-invalid' };
  return { wanted: { email, name, role: role.data, memberExpiresAt } };
}

/** `2027-03-31` or `31.3.2027`: to the end of that day, by the clock of the server. Undefined for what is no day. */
function endOfDay(text: string): Date | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const [year, month, day] = (iso ? iso.slice(1) : german ? german.slice(1).reverse() : []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const end = new Date(year, month - 1, day, 23, 59, 59);
  return end.getMonth() === month - 1 && end.getDate() === day ? end : undefined;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** As `csv-parse` gives it with `info`. */
const withLines = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/** The rows with the line on which each ends; those without a word are left out. */
function readRows(text: string): { line: number; cells: string[] }[] {
  const [firstLine = ''] = text.split(/\r\n|\r|\n/, 1);
  try {
    const rows = withLines.parse(
      parse(text, {
        delimiter: firstLine.includes(';') ? ';' : ',',
        info: true,
        relax_column_count: true,
        skip_records_with_empty_values: true,
        to: MAX_ROWS + 2,
      }),
    );
    return rows.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new CodedError('file-unreadable', 'no CSV');
  }
}
