import { descriptorOf, FIELDS } from '@meldesync/domain';
import { columnOf } from '../queries/record-columns.ts';
import { allOf, CHANGING, digestOf } from './record-content.ts';

/**
 * The trigger functions that name every field of a record, as SQL that makes or replaces them.
 *
 * Each change is written by one of two: for ordinary sessions a trigger for the whole statement, and for those whose
 * `session_replication_role` is `replica` its twin for each row, since the worker of a subscription fires no other. The modes of the
 * triggers (ENABLE, ENABLE REPLICA) say which. The twin looks by itself too: `ENABLE TRIGGER ALL`, with which `pg_restore
 * --disable-triggers` ends, makes all modes the same.
 */
export function triggerFunctions(): readonly string[] {
  return [
    beforeUpdate(),
    ...writers('insert', `'{}', ${allOf('n')}, n.updated_by`, 'n', 'n.version'),
    ...writers('update', `${changedOf('o')},\n    ${changedOf('n')}, n.updated_by`, 'n', 'n.version'),
    ...writers('delete', `${allOf('o')}, '{}', meldesync_actor()`, 'o', 'o.version + 1'),
  ];
}

const FIXED = FIELDS.filter((field) => descriptorOf(field).editedBy === 'nobody');

/** Columns of `changes` that every trigger writes, in one order. */
const WRITTEN =
  'workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at, digest';
/** Where a change comes from, as the transaction says it. */
const ORIGIN = `coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent')`;

/** What an update may change of a row. */
const changing = (row: string): string => CHANGING.map((field) => `${row}.${columnOf(field)}`).join(', ');
const IS_CHANGED = `(${changing('n')})\n     IS DISTINCT FROM (${changing('o')})`;

/**
 * Version, time and actor belong to this trigger: whatever a statement says of them is overruled, so no writer can skip
 * a version (R2.5). An update that changes nothing keeps its version and leaves no trace. Two pass: the worker of a subscription
 * that brings the history too, and `meldesync_repair`, which writes a version together with its change, and nothing else: a session of
 * the owner that sets the word of the repair signs as nobody, and changes no content by it.
 *
 * It has a `search_path` of its own, since it runs as whoever writes: an operator or a function of theirs must not be taken for one of
 * Postgres.
 */
function beforeUpdate(): string {
  const fixed = ['id', 'workspace_id', ...FIXED.map(columnOf)];
  const content = `${fixed.map((column) => `NEW.${column}`).join(', ')}, ${changing('NEW')}`;
  return `CREATE OR REPLACE FUNCTION records_before_update() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF public.meldesync_is_followed() THEN
    RETURN NEW;
  END IF;
  IF public.meldesync_is_repaired(OLD.id)
    AND (${content})
      IS NOT DISTINCT FROM (${content.replaceAll('NEW.', 'OLD.')}) THEN
    NEW.updated_by := 'db:?';
    RETURN NEW;
  END IF;
  IF ${fixed.map((column) => `NEW.${column} <> OLD.${column}`).join(' OR ')} THEN
    RAISE EXCEPTION 'id, workspace and Vorgangsnummer of a record never change' USING ERRCODE = 'check_violation';
  END IF;
  NEW.created_at := OLD.created_at;
  IF (${changing('NEW')})
     IS NOT DISTINCT FROM (${changing('OLD')}) THEN
    NEW.version := OLD.version;
    NEW.updated_at := OLD.updated_at;
    NEW.updated_by := OLD.updated_by;
  ELSE
    NEW.version := OLD.version + 1;
    NEW.updated_at := clock_timestamp();
    NEW.updated_by := public.meldesync_actor();
  END IF;
  RETURN NEW;
END
$$;`;
}

/** The function for a statement and its twin for a row. */
function writers(
  op: 'insert' | 'update' | 'delete',
  content: string,
  row: 'n' | 'o',
  version: string,
): [string, string] {
  const at = op === 'delete' ? 'clock_timestamp()' : `${row}.updated_at`;
  const digests = { insert: digestOf('n'), update: digestAfterUpdate(), delete: 'NULL' };
  const select = `SELECT ${row}.workspace_id, ${row}.id, ${version}, '${op}',
    ${content},
    ${ORIGIN}, ${at},
    ${digests[op]}`;
  const sources = {
    insert: ['new_records n', '(SELECT NEW.*) n'],
    update: ['new_records n JOIN old_records o ON o.id = n.id', '(SELECT NEW.*) n, (SELECT OLD.*) o'],
    delete: ['old_records o', '(SELECT OLD.*) o'],
  } as const;
  const [ofStatement, ofRow] = sources[op];
  const condition = op === 'update' ? `\n  WHERE ${IS_CHANGED}` : '';
  const write = (source: string, order: string) =>
    `${op === 'insert' ? '' : bridge(source, condition)}  INSERT INTO changes (${WRITTEN})
  ${select}
  FROM ${source}${condition}${order};`;
  return [
    changeFunction(`changes_after_${op}`, write(ofStatement, `\n  ORDER BY ${row}.id`)),
    changeFunction(`changes_replica_${op}`, `${TWIN_GUARD}${op === 'insert' ? TELL_GONE : ''}${write(ofRow, '')}`),
  ];
}

/** A twin leaves ordinary sessions to the trigger of the statement, and a history that a subscription brings to that. */
const TWIN_GUARD = `  IF current_setting('session_replication_role') <> 'replica' OR meldesync_has_history_source() THEN
    RETURN NULL;
  END IF;
`;

/** A record that comes back under its id, and of which nobody was told that it was gone. */
const TELL_GONE = `  PERFORM meldesync_tell_gone(NEW.id, NEW.version - 1);
`;

/**
 * The digest of what an update leaves, if what it found is what was told last: else none that any content has. So an update by
 * which everything seems to be as it should hides nothing of what was written past the triggers before it.
 */
function digestAfterUpdate(): string {
  return `CASE (SELECT coalesce(p.digest, meldesync_told_digest(meldesync_told(o.id)))
      FROM changes p WHERE p.record_id = o.id AND p.version = o.version AND p.op <> 'delete')
      WHEN ${digestOf('o')}
      THEN ${digestOf('n')} ELSE '' END`;
}

/**
 * Tells first of a version that nobody was told of, since a feed adds up from each version to the next. Asked for each row by
 * itself: a join would be planned once for one row and for a thousand, and may read all of `changes`.
 */
function bridge(source: string, condition: string): string {
  return `  PERFORM meldesync_bridge(o.id, o.workspace_id, o.version, ${allOf('o')})
  FROM ${source}${condition === '' ? '\n  WHERE' : `${condition} AND`}
    (SELECT count(*) FROM changes p WHERE p.record_id = o.id AND p.version = o.version AND p.op <> 'delete') = 0;
`;
}

/**
 * A trigger that writes `changes`, the audit trail and outbox in one. It runs as the owner of the tables, so the
 * application's role needs no right to write there.
 */
function changeFunction(name: string, body: string): string {
  return `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
${body}
  RETURN NULL;
END
$$;`;
}

/** The fields in which the old row `o` and the new row `n` differ, with the values that one of the two has. */
function changedOf(row: 'o' | 'n'): string {
  const parts = CHANGING.map((field) => {
    const column = columnOf(field);
    return `CASE WHEN n.${column} IS DISTINCT FROM o.${column} THEN jsonb_build_object('${field}', ${row}.${column}) ELSE '{}' END`;
  });
  return parts.join('\n    || ');
}
