import { CONFLICTING_FIELDS, descriptorOf, FIELDS, type RecordField } from '@meldesync/domain';
import { columnOf } from '../queries/record-columns.ts';

/**
 * The trigger functions that name every field of a record, as SQL that makes or replaces them. They belong into a
 * migration whenever they differ from what the database has: `npm run triggers -w packages/db` prints them, and a test
 * compares both.
 */
export function recordTriggerFunctions(): readonly string[] {
  return [beforeUpdate(), afterInsert(), afterUpdate(), afterDelete()];
}

/** The fields an update may change, in the order of the list of all. */
const CHANGING = FIELDS.filter((field) => (CONFLICTING_FIELDS as readonly RecordField[]).includes(field));
const FIXED = FIELDS.filter((field) => descriptorOf(field).editedBy === 'nobody');

/** Columns of `changes` that every trigger writes, in one order. */
const WRITTEN =
  'workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at';
/** Where a change comes from, as the transaction says it. */
const ORIGIN = `coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent')`;

/**
 * Version, time and actor belong to this trigger: whatever a statement says of them is overruled, so no writer can skip
 * a version (R2.5). An update that changes nothing keeps its version and leaves no trace.
 */
function beforeUpdate(): string {
  const row = (name: string): string => CHANGING.map((field) => `${name}.${columnOf(field)}`).join(', ');
  const fixed = ['id', 'workspace_id', ...FIXED.map(columnOf)];
  return `CREATE OR REPLACE FUNCTION records_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ${fixed.map((column) => `NEW.${column} <> OLD.${column}`).join(' OR ')} THEN
    RAISE EXCEPTION 'id, workspace and Vorgangsnummer of a record never change' USING ERRCODE = 'check_violation';
  END IF;
  NEW.created_at := OLD.created_at;
  IF (${row('NEW')})
     IS NOT DISTINCT FROM (${row('OLD')}) THEN
    NEW.version := OLD.version;
    NEW.updated_at := OLD.updated_at;
    NEW.updated_by := OLD.updated_by;
  ELSE
    NEW.version := OLD.version + 1;
    NEW.updated_at := clock_timestamp();
    NEW.updated_by := meldesync_actor();
  END IF;
  RETURN NEW;
END
$$;`;
}

function afterInsert(): string {
  return writesChanges(
    'changes_after_insert',
    `SELECT n.workspace_id, n.id, n.version, 'insert', '{}',
    ${allOf('n')},
    n.updated_by, ${ORIGIN}, n.updated_at
  FROM new_records n ORDER BY n.id;`,
  );
}

function afterUpdate(): string {
  return writesChanges(
    'changes_after_update',
    `SELECT n.workspace_id, n.id, n.version, 'update',
    ${changedOf('o')},
    ${changedOf('n')},
    n.updated_by, ${ORIGIN}, n.updated_at
  FROM new_records n JOIN old_records o ON o.id = n.id
  WHERE n.version <> o.version
  ORDER BY n.id;`,
  );
}

function afterDelete(): string {
  return writesChanges(
    'changes_after_delete',
    `SELECT o.workspace_id, o.id, o.version + 1, 'delete',
    ${allOf('o')}, '{}',
    meldesync_actor(), ${ORIGIN}, clock_timestamp()
  FROM old_records o ORDER BY o.id;`,
  );
}

/**
 * A trigger that writes `changes`, the audit trail and outbox in one. It runs as the owner of the tables, so the
 * application's role needs no right to write there.
 */
function writesChanges(name: string, select: string): string {
  return `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO changes (${WRITTEN})
  ${select}
  RETURN NULL;
END
$$;`;
}

/** All fields of a row under their names on the wire. */
function allOf(row: string): string {
  const pairs = FIELDS.map((field) => `'${field}', ${row}.${columnOf(field)}`);
  return `jsonb_build_object(${pairs.join(', ')})`;
}

/** The fields in which the old row `o` and the new row `n` differ, with the values that one of the two has. */
function changedOf(row: 'o' | 'n'): string {
  const parts = CHANGING.map((field) => {
    const column = columnOf(field);
    return `CASE WHEN n.${column} IS DISTINCT FROM o.${column} THEN jsonb_build_object('${field}', ${row}.${column}) ELSE '{}' END`;
  });
  return parts.join('\n    || ');
}
