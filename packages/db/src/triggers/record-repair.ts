import { BLANK_CONTENT } from '@meldesync/domain';

/**
 * The function that tells of records which were written past the triggers, as SQL that makes or replaces it. Each gets a version
 * above every one that anybody can have seen of it, and the change that leads there from what the history said last, by `db:?`:
 * - one that is gone, a `delete`;
 * - one of which nothing was told, or only that it was deleted, an `insert`;
 * - one whose version is none that follows on, or that came from another workspace, a `delete` and an `insert`, since what a feed
 *   adds up to goes from version to version;
 * - any other, an `update` of what differs; of everything, where a trigger has met a version of which nobody can say what those who
 *   have read it hold (`meldesync_bridge`).
 *
 * It looks again under the lock of the row, and passes over a row that somebody else has locked: nobody's edit waits for more than
 * the few statements here, and it waits for none. It runs as the owner, since nobody else may write `changes`.
 */
export function repairFunction(): string {
  return `CREATE OR REPLACE FUNCTION meldesync_repair(ids bigint[]) RETURNS TABLE (record_id bigint, workspace_id uuid, op text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  target bigint;
  r records;
  latest changes;
  told jsonb;
  content jsonb;
  is_there boolean;
  is_new boolean;
  leaves boolean;
  is_all boolean;
  next_version integer;
BEGIN
  IF EXISTS (SELECT FROM meldesync_history_sources()) THEN
    RETURN;
  END IF;
  FOR target IN SELECT DISTINCT unnest(ids) ORDER BY 1 LOOP
    SELECT * INTO r FROM records WHERE id = target FOR UPDATE SKIP LOCKED;
    is_there := FOUND;
    CONTINUE WHEN NOT EXISTS (SELECT FROM meldesync_differences(target - 1, target))
      OR is_there <> EXISTS (SELECT FROM records WHERE id = target);
    SELECT * INTO latest FROM changes c WHERE c.record_id = target ORDER BY c.version DESC LIMIT 1;
    told := '${JSON.stringify(BLANK_CONTENT)}' || meldesync_told(target);
    IF NOT is_there THEN
      INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, at)
      VALUES (latest.workspace_id, target, latest.version + 1, 'delete', told, '{}', 'db:?', 'sql', clock_timestamp());
      RETURN QUERY SELECT target, latest.workspace_id, 'delete';
      CONTINUE;
    END IF;
    content := meldesync_content(r);
    is_new := latest.id IS NULL OR latest.op = 'delete';
    leaves := NOT is_new AND (latest.workspace_id <> r.workspace_id OR latest.version < r.version);
    IF leaves THEN
      INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, at)
      VALUES (latest.workspace_id, target, latest.version + 1, 'delete', told, '{}', 'db:?', 'sql', clock_timestamp());
      latest.version := latest.version + 1;
    END IF;
    is_all := EXISTS (SELECT FROM changes c WHERE c.record_id = target AND c.digest = '' AND c.actor = 'db:?');
    next_version := greatest(r.version, coalesce(latest.version, 0)) + 1;
    PERFORM set_config('meldesync.repair', target::text, true);
    UPDATE records SET version = next_version, updated_at = clock_timestamp(), updated_by = 'db:?'
    WHERE id = target RETURNING * INTO r;
    PERFORM set_config('meldesync.repair', '', true);
    INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, at, digest)
    SELECT r.workspace_id, target, next_version, kind.op,
      CASE kind.op WHEN 'insert' THEN '{}' ELSE meldesync_differing(told, content) END,
      CASE WHEN kind.op = 'insert' OR is_all THEN content ELSE meldesync_differing(content, told) END,
      'db:?', 'sql', r.updated_at, meldesync_record_digest(r)
    FROM (SELECT CASE WHEN is_new OR leaves THEN 'insert' ELSE 'update' END AS op) kind;
    RETURN QUERY SELECT target, r.workspace_id, CASE WHEN is_new OR leaves THEN 'insert' ELSE 'update' END;
  END LOOP;
END
$$;`;
}
