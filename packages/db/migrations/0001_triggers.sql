-- Who is writing: set by the application for one transaction, otherwise the database role itself (R3.4, R5.1).
CREATE FUNCTION meldesync_setting(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('meldesync.' || name, true), '')
$$;
--> statement-breakpoint
CREATE FUNCTION meldesync_actor() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(meldesync_setting('actor'), 'db:' || session_user)
$$;
--> statement-breakpoint
-- Version, time and actor belong to this trigger: whatever a statement says of them is overruled, so no writer can
-- skip a version (R2.5). An update that changes nothing keeps its version and leaves no trace.
CREATE FUNCTION records_before_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.vorgangsnummer := lower(NEW.vorgangsnummer);
  NEW.version := 1;
  NEW.created_at := clock_timestamp();
  NEW.updated_at := NEW.created_at;
  NEW.updated_by := meldesync_actor();
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE FUNCTION records_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER records_before_insert BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION records_before_insert();
--> statement-breakpoint
CREATE TRIGGER records_before_update BEFORE UPDATE ON records FOR EACH ROW EXECUTE FUNCTION records_before_update();
--> statement-breakpoint
-- The triggers below write `changes`, the audit trail and outbox in one. They run as the owner of the tables, so the
-- application's role needs no right to write there; the keys of before and after are the names on the wire.
CREATE FUNCTION changes_after_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at)
  SELECT n.workspace_id, n.id, n.version, 'insert', '{}',
    jsonb_build_object('vorgangsnummer', n.vorgangsnummer, 'ibe', n.ibe, 'caseId', n.case_id,
                       'done', n.done, 'assignee', n.assignee, 'note', n.note),
    n.updated_by, coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), n.updated_at
  FROM new_records n ORDER BY n.id;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION changes_after_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
CREATE FUNCTION changes_after_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at)
  SELECT o.workspace_id, o.id, o.version + 1, 'delete',
    jsonb_build_object('vorgangsnummer', o.vorgangsnummer, 'ibe', o.ibe, 'caseId', o.case_id,
                       'done', o.done, 'assignee', o.assignee, 'note', o.note), '{}',
    meldesync_actor(), coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), clock_timestamp()
  FROM old_records o ORDER BY o.id;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER changes_after_insert AFTER INSERT ON records REFERENCING NEW TABLE AS new_records
  FOR EACH STATEMENT EXECUTE FUNCTION changes_after_insert();
--> statement-breakpoint
CREATE TRIGGER changes_after_update AFTER UPDATE ON records REFERENCING OLD TABLE AS old_records NEW TABLE AS new_records
  FOR EACH STATEMENT EXECUTE FUNCTION changes_after_update();
--> statement-breakpoint
CREATE TRIGGER changes_after_delete AFTER DELETE ON records REFERENCING OLD TABLE AS old_records
  FOR EACH STATEMENT EXECUTE FUNCTION changes_after_delete();
--> statement-breakpoint
-- TRUNCATE has no transition table: it would empty every screen's truth without a trace.
CREATE FUNCTION records_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'TRUNCATE of % leaves no change behind; use DELETE', TG_TABLE_NAME USING ERRCODE = 'feature_not_supported';
END
$$;
--> statement-breakpoint
CREATE TRIGGER records_refuse_truncate BEFORE TRUNCATE ON records
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_truncate();
--> statement-breakpoint
CREATE TRIGGER changes_refuse_truncate BEFORE TRUNCATE ON changes
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_truncate();
--> statement-breakpoint
CREATE FUNCTION changes_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'changes is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
-- The owner passes over grants; this keeps an UPDATE by hand from rewriting the audit trail by mistake (R5.5).
CREATE TRIGGER changes_refuse_rewrite BEFORE UPDATE ON changes
  FOR EACH STATEMENT EXECUTE FUNCTION changes_refuse_rewrite();
--> statement-breakpoint
-- A revoked session or a changed role must reach open sockets at once, whoever did it.
CREATE FUNCTION notify_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('meldesync_access', CASE TG_OP WHEN 'INSERT' THEN NEW.user_id ELSE OLD.user_id END);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER notify_access AFTER INSERT OR UPDATE OR DELETE ON members
  FOR EACH ROW EXECUTE FUNCTION notify_access();
--> statement-breakpoint
CREATE TRIGGER notify_access AFTER DELETE ON auth.session FOR EACH ROW EXECUTE FUNCTION notify_access();
--> statement-breakpoint
CREATE PUBLICATION meldesync_feed FOR TABLE changes WITH (publish = 'insert');
