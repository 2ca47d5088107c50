import { CONFLICTING_FIELDS, descriptorOf, FIELDS, type RecordField } from '@meldesync/domain';
import { columnOf } from '../queries/record-columns.ts';

/** The fields an update may change, in the order of the list of all. */
export const CHANGING = FIELDS.filter((field) => (CONFLICTING_FIELDS as readonly RecordField[]).includes(field));

/** All fields of a row under their names on the wire. */
export function allOf(row: string): string {
  const pairs = FIELDS.map((field) => `'${field}', ${row}.${columnOf(field)}`);
  return `jsonb_build_object(${pairs.join(', ')})`;
}

/** The digest of a row. */
export function digestOf(row: string): string {
  return digest((field) => {
    const column = `${row}.${columnOf(field)}`;
    return isFlag(field) ? `nullif(${column}, false)::text` : column;
  });
}

/**
 * The functions that say what a record holds: its digest, its content, and the digest of what the history says of it. A field that
 * holds what it holds without anybody's doing counts as nothing, so that the digests of today stand when a field is added.
 */
export function contentFunctions(): readonly string[] {
  const told = (field: RecordField): string => {
    const value = `told ->> '${field}'`;
    return isFlag(field) ? `nullif(${value}, 'false')` : `(${value})`;
  };
  return [
    `CREATE OR REPLACE FUNCTION meldesync_record_digest(r records) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT ${digestOf('r')}
$$;`,
    `CREATE OR REPLACE FUNCTION meldesync_told_digest(told jsonb) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT ${digest(told)}
$$;`,
    `CREATE OR REPLACE FUNCTION meldesync_content(r records) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT ${allOf('r')}
$$;`,
  ];
}

/** Each field with its name, behind a character that no text of ours may hold: no two contents read the same. */
function digest(valueOf: (field: RecordField) => string): string {
  const parts = FIELDS.map((field) => `E'\\x1f${field}=' || ${valueOf(field)}`);
  return `public.meldesync_digest(concat(${parts.join(', ')}))`;
}

function isFlag(field: RecordField): boolean {
  return descriptorOf(field).kind === 'flag';
}
