-- Expand: a relay of the release before leaves the column alone, and null means that nothing is known. NOT VALID: see migration 0011.
ALTER TABLE "feed_state" ADD COLUMN "history" text;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_txid" CHECK (txid ~ '^[0-9]+$' and length(txid) <= 20) NOT VALID;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_record" CHECK (record_id between 1 and 9007199254740991 and version >= 1) NOT VALID;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_at" CHECK (isfinite(at)) NOT VALID;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_content" CHECK (jsonb_typeof(before) = 'object' and jsonb_typeof(after) = 'object') NOT VALID;--> statement-breakpoint
-- What runs as whoever writes, or looks into `public`, must find there what Postgres and these migrations put there: else an operator of
-- a stranger's own says who they are, and which version follows.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
--> statement-breakpoint
ALTER FUNCTION records_before_insert() SET search_path = pg_catalog, pg_temp;
--> statement-breakpoint
ALTER FUNCTION conflicts_refuse_rewrite() SET search_path = pg_catalog, pg_temp;
--> statement-breakpoint
ALTER FUNCTION notify_access() SET search_path = pg_catalog, pg_temp;
--> statement-breakpoint
-- Postgres lets no table with such a trigger become a child or a partition of another, whose triggers would be fired in place of ours.
-- It never fires.
CREATE TRIGGER records_no_child AFTER DELETE ON records REFERENCING OLD TABLE AS gone
  FOR EACH ROW WHEN (false) EXECUTE FUNCTION records_refuse_truncate();
--> statement-breakpoint
CREATE TRIGGER changes_no_child AFTER DELETE ON changes REFERENCING OLD TABLE AS gone
  FOR EACH ROW WHEN (false) EXECUTE FUNCTION records_refuse_truncate();
--> statement-breakpoint
-- What changes the meaning of statements on our tables, past all triggers.
CREATE FUNCTION meldesync_changed_tables() RETURNS TABLE (on_table text, what text) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH ours AS (
    SELECT oid, relname::text AS name, relrowsecurity FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname IN ('records', 'changes', 'conflicts', 'edit_operations', 'members')
  )
  SELECT name, 'rule ' || r.rulename::text FROM ours JOIN pg_rewrite r ON r.ev_class = ours.oid
  UNION ALL
  SELECT name, 'child ' || i.inhrelid::regclass::text FROM ours JOIN pg_inherits i ON i.inhparent = ours.oid
  UNION ALL
  SELECT name, 'parent ' || i.inhparent::regclass::text FROM ours JOIN pg_inherits i ON i.inhrelid = ours.oid
  UNION ALL
  SELECT name, 'row security' FROM ours WHERE relrowsecurity
$$;
--> statement-breakpoint
CREATE FUNCTION meldesync_refuse_changed_tables() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed text;
BEGIN
  SELECT string_agg(on_table || ': ' || what, ', ') INTO changed FROM public.meldesync_changed_tables();
  IF changed IS NOT NULL THEN
    RAISE EXCEPTION 'no screen would be told of what is written so (%)', changed USING ERRCODE = 'feature_not_supported';
  END IF;
END
$$;
--> statement-breakpoint
-- Where a superuser migrates it is refused; elsewhere a worker says so.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM meldesync_changed_tables()) THEN
    CREATE EVENT TRIGGER meldesync_tables ON ddl_command_end
      WHEN TAG IN ('CREATE RULE', 'CREATE TABLE', 'ALTER TABLE', 'CREATE FOREIGN TABLE', 'ALTER FOREIGN TABLE')
      EXECUTE FUNCTION meldesync_refuse_changed_tables();
    ALTER EVENT TRIGGER meldesync_tables ENABLE ALWAYS;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  NULL;
END $$;
--> statement-breakpoint
-- Which table the history is and which publication tells of it; null while none tells of all of it.
CREATE FUNCTION meldesync_history_identity() RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('%s:%s/%s:%s/%s', r.prrelid, p.oid, p.xmin, r.oid, r.xmin)
  FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid
  WHERE p.pubname = 'meldesync_feed' AND p.pubinsert AND r.prrelid = to_regclass('public.changes')
    AND r.prqual IS NULL AND r.prattrs IS NULL
$$;
--> statement-breakpoint
-- Each column but the digest is written once; a digest is filled in where there is none, by `meldesync_fill_digests`.
DROP TRIGGER changes_refuse_rewrite ON changes;
--> statement-breakpoint
CREATE TRIGGER changes_refuse_rewrite
  BEFORE DELETE OR UPDATE OF id, txid, workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at
  ON changes FOR EACH STATEMENT EXECUTE FUNCTION changes_refuse_rewrite();
--> statement-breakpoint
CREATE TRIGGER changes_refuse_digest BEFORE UPDATE OF digest ON changes
  FOR EACH ROW WHEN (OLD.digest IS NOT NULL) EXECUTE FUNCTION changes_refuse_rewrite();
--> statement-breakpoint
-- Gives the newest change of each record, where it is from before there were digests, that of what the history says: once, so that
-- nobody reads the whole history again each time. How many it gave one.
CREATE FUNCTION meldesync_fill_digests(above bigint, up_to bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  filled bigint;
BEGIN
  IF EXISTS (SELECT FROM meldesync_history_sources()) THEN
    RETURN 0;
  END IF;
  UPDATE changes c SET digest = meldesync_told_digest(meldesync_told(c.record_id))
  FROM (
    SELECT n.record_id, max(n.version) AS version FROM changes n
    WHERE n.record_id > above AND n.record_id <= up_to GROUP BY n.record_id
  ) newest
  WHERE c.record_id = newest.record_id AND c.version = newest.version AND c.digest IS NULL AND c.op <> 'delete';
  GET DIAGNOSTICS filled = ROW_COUNT;
  RETURN filled;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION meldesync_fill_digests(bigint, bigint) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_fill_digests(bigint, bigint) TO meldesync_app, meldesync_worker;
--> statement-breakpoint
-- A membership or a session may be taken away in any kind of session, and all of them at once.
CREATE FUNCTION notify_access_of_all() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('meldesync_access', '');
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER notify_access_of_all AFTER TRUNCATE ON members FOR EACH STATEMENT EXECUTE FUNCTION notify_access_of_all();
--> statement-breakpoint
CREATE TRIGGER notify_access_of_all AFTER TRUNCATE ON auth.session FOR EACH STATEMENT EXECUTE FUNCTION notify_access_of_all();
--> statement-breakpoint
-- The mode that each trigger must have, where it has another; MISSING where there is none.
CREATE OR REPLACE FUNCTION meldesync_changed_triggers() RETURNS TABLE (on_table text, trigger text, mode text) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT wanted.of, wanted.named,
    CASE WHEN t.oid IS NULL THEN 'MISSING' ELSE CASE wanted.enabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END END
  FROM (VALUES
    ('records', 'records_before_insert', 'A'), ('records', 'records_before_update', 'A'), ('records', 'records_refuse_truncate', 'A'),
    ('records', 'records_no_child', 'O'),
    ('records', 'changes_after_insert', 'O'), ('records', 'changes_after_update', 'O'), ('records', 'changes_after_delete', 'O'),
    ('records', 'changes_replica_insert', 'R'), ('records', 'changes_replica_update', 'R'), ('records', 'changes_replica_delete', 'R'),
    ('changes', 'changes_refuse_truncate', 'A'), ('changes', 'changes_refuse_rewrite', 'A'), ('changes', 'changes_refuse_digest', 'A'),
    ('changes', 'changes_no_child', 'O'),
    ('conflicts', 'conflicts_refuse_rewrite', 'A'), ('conflicts', 'conflicts_refuse_truncate', 'A'),
    ('members', 'notify_access', 'A'), ('members', 'notify_access_of_all', 'A'),
    ('auth.session', 'notify_access', 'A'), ('auth.session', 'notify_access_shortened', 'A'), ('auth.session', 'notify_access_of_all', 'A')
  ) wanted (of, named, enabled)
  -- Not by a regclass, which only those may ask for who may look into the schema.
  LEFT JOIN (pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace)
    ON t.tgname = wanted.named AND c.relname = split_part('public.' || wanted.of, '.', -1)
    AND s.nspname = split_part('public.' || wanted.of, '.', -2)
  WHERE t.tgenabled IS DISTINCT FROM wanted.enabled::"char"
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_enable_triggers() RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  changed record;
BEGIN
  FOR changed IN SELECT * FROM public.meldesync_changed_triggers() WHERE mode <> 'MISSING'
    ORDER BY on_table = 'changes', on_table
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I', changed.on_table, changed.mode, changed.trigger);
  END LOOP;
END
$$;
--> statement-breakpoint
SELECT meldesync_enable_triggers();
--> statement-breakpoint
-- As in migration 0013; and by who wrote it and when, which screens show as well.
CREATE OR REPLACE FUNCTION meldesync_differences(above bigint, up_to bigint, workspace uuid DEFAULT NULL)
RETURNS TABLE (record_id bigint, workspace_id uuid) LANGUAGE sql STABLE AS $$
  SELECT coalesce(r.id, c.record_id), coalesce(r.workspace_id, c.workspace_id)
  FROM (
    SELECT n.record_id, max(n.version) AS version FROM public.changes n
    WHERE n.record_id > above AND n.record_id <= up_to AND (workspace IS NULL OR n.workspace_id = workspace)
    GROUP BY n.record_id
  ) newest
  FULL JOIN (
    SELECT held.id, held.workspace_id, held.version, held.updated_by, held.updated_at, public.meldesync_record_digest(held) AS digest
    FROM public.records held
    WHERE held.id > above AND held.id <= up_to AND (workspace IS NULL OR held.workspace_id = workspace)
  ) r ON r.id = newest.record_id
  LEFT JOIN public.changes c ON c.record_id = newest.record_id AND c.version = newest.version
    -- Said again, so that no more of `changes` is read than that.
    AND c.record_id > above AND c.record_id <= up_to
  WHERE CASE WHEN r.id IS NULL THEN c.op <> 'delete'
    WHEN c.op IS NULL OR c.op = 'delete' OR c.version <> r.version OR c.workspace_id <> r.workspace_id
      OR c.actor <> r.updated_by OR c.at <> r.updated_at THEN true
    WHEN c.digest IS NOT NULL THEN c.digest <> r.digest
    WHEN c.op = 'insert' THEN public.meldesync_told_digest(c.after) <> r.digest
    -- What `meldesync_told` says; called for each of many it would take ten times as long.
    ELSE r.digest IS DISTINCT FROM (
      SELECT public.meldesync_told_digest(said.told) FROM (
        SELECT jsonb_object_agg(one.key, one.value ORDER BY h.version) AS told
        FROM public.changes h CROSS JOIN LATERAL jsonb_each(h.after) one
        WHERE h.record_id = r.id AND h.version >= (
          SELECT i.version FROM public.changes i WHERE i.record_id = r.id AND i.op = 'insert'
          ORDER BY i.version DESC LIMIT 1)
        OFFSET 0
      ) said) END
$$;
--> statement-breakpoint
-- From the list of a record's fields: `npm run triggers -w packages/db` prints it.
CREATE OR REPLACE FUNCTION records_before_update() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF public.meldesync_is_followed() THEN
    RETURN NEW;
  END IF;
  IF public.meldesync_is_repaired(OLD.id)
    AND (NEW.id, NEW.workspace_id, NEW.vorgangsnummer, NEW.ibe, NEW.case_id, NEW.done, NEW.assignee, NEW.note)
      IS NOT DISTINCT FROM (OLD.id, OLD.workspace_id, OLD.vorgangsnummer, OLD.ibe, OLD.case_id, OLD.done, OLD.assignee, OLD.note) THEN
    NEW.updated_by := 'db:?';
    RETURN NEW;
  END IF;
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
    NEW.updated_by := public.meldesync_actor();
  END IF;
  RETURN NEW;
END
$$;
