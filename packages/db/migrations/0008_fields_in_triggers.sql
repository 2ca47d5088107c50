-- The list of a record's fields in these functions comes from the domain: `npm run triggers -w packages/db` prints them.
CREATE OR REPLACE FUNCTION records_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.workspace_id <> OLD.workspace_id OR NEW.vorgangsnummer <> OLD.vorgangsnummer THEN
    RAISE EXCEPTION 'id, workspace and Vorgangsnummer of a record never change' USING ERRCODE = 'check_violation';
  END IF;
  NEW.created_at := OLD.created_at;
  IF (NEW.ibe, NEW.case_id, NEW.done, NEW.assignee, NEW.note)
     IS NOT DISTINCT FROM (OLD.ibe, OLD.case_id, OLD.done, OLD.assignee, OLD.note) THEN
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
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_after_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at)
  SELECT n.workspace_id, n.id, n.version, 'insert', '{}',
    jsonb_build_object('vorgangsnummer', n.vorgangsnummer, 'ibe', n.ibe, 'caseId', n.case_id, 'done', n.done, 'assignee', n.assignee, 'note', n.note),
    n.updated_by, coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), n.updated_at
  FROM new_records n ORDER BY n.id;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_after_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at)
  SELECT n.workspace_id, n.id, n.version, 'update',
    CASE WHEN n.ibe IS DISTINCT FROM o.ibe THEN jsonb_build_object('ibe', o.ibe) ELSE '{}' END
    || CASE WHEN n.case_id IS DISTINCT FROM o.case_id THEN jsonb_build_object('caseId', o.case_id) ELSE '{}' END
    || CASE WHEN n.done IS DISTINCT FROM o.done THEN jsonb_build_object('done', o.done) ELSE '{}' END
    || CASE WHEN n.assignee IS DISTINCT FROM o.assignee THEN jsonb_build_object('assignee', o.assignee) ELSE '{}' END
    || CASE WHEN n.note IS DISTINCT FROM o.note THEN jsonb_build_object('note', o.note) ELSE '{}' END,
    CASE WHEN n.ibe IS DISTINCT FROM o.ibe THEN jsonb_build_object('ibe', n.ibe) ELSE '{}' END
    || CASE WHEN n.case_id IS DISTINCT FROM o.case_id THEN jsonb_build_object('caseId', n.case_id) ELSE '{}' END
    || CASE WHEN n.done IS DISTINCT FROM o.done THEN jsonb_build_object('done', n.done) ELSE '{}' END
    || CASE WHEN n.assignee IS DISTINCT FROM o.assignee THEN jsonb_build_object('assignee', n.assignee) ELSE '{}' END
    || CASE WHEN n.note IS DISTINCT FROM o.note THEN jsonb_build_object('note', n.note) ELSE '{}' END,
    n.updated_by, coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), n.updated_at
  FROM new_records n JOIN old_records o ON o.id = n.id
  WHERE n.version <> o.version
  ORDER BY n.id;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_after_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at)
  SELECT o.workspace_id, o.id, o.version + 1, 'delete',
    jsonb_build_object('vorgangsnummer', o.vorgangsnummer, 'ibe', o.ibe, 'caseId', o.case_id, 'done', o.done, 'assignee', o.assignee, 'note', o.note), '{}',
    meldesync_actor(), coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), clock_timestamp()
  FROM old_records o ORDER BY o.id;
  RETURN NULL;
END
$$;
