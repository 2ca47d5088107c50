-- In the order in which an edit takes them, so that none waits for this in a circle.
LOCK TABLE conflicts, records IN SHARE ROW EXCLUSIVE MODE;
--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "digest" "bytea";--> statement-breakpoint
-- What triggers need is named with its schema: pg_restore and the worker of a subscription look into none by themselves.
CREATE OR REPLACE FUNCTION meldesync_actor() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(public.meldesync_setting('actor'), 'db:' || session_user)
$$;
--> statement-breakpoint
-- The subscriptions that bring `changes` into this database, as in an upgrade to another major version of Postgres.
CREATE FUNCTION meldesync_history_sources() RETURNS TABLE (subscription name) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.subname FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid
  WHERE r.srrelid = 'public.changes'::regclass
$$;
--> statement-breakpoint
CREATE FUNCTION meldesync_has_history_source() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM public.meldesync_history_sources())
$$;
--> statement-breakpoint
-- Whether what is written now comes with a history of its own, to which no trigger may add. Without FROM, see migration 0011.
CREATE FUNCTION meldesync_is_followed() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN current_setting('session_replication_role') = 'replica'
    THEN public.meldesync_has_history_source() ELSE false END
$$;
--> statement-breakpoint
CREATE FUNCTION meldesync_is_owner() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_user = pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.records'::regclass
$$;
--> statement-breakpoint
-- Whether `meldesync_repair` writes this record: every role can set the word, which is believed of the owner alone.
CREATE FUNCTION meldesync_is_repaired(id bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN current_setting('meldesync.repair', true) = id::text THEN public.meldesync_is_owner() ELSE false END
$$;
--> statement-breakpoint
-- The version of a record that comes by a way on which an id may come again: versions never begin again (R2.5). Where nobody was
-- told that it was gone, the version before is left for that.
CREATE FUNCTION meldesync_next_version(record bigint) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT coalesce((SELECT CASE op WHEN 'delete' THEN version + 1 ELSE version + 2 END
    FROM changes WHERE record_id = record ORDER BY version DESC LIMIT 1), 1)
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION records_before_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF public.meldesync_is_followed() THEN
    RETURN NEW;
  END IF;
  NEW.vorgangsnummer := lower(NEW.vorgangsnummer);
  NEW.version := CASE WHEN current_setting('session_replication_role') = 'replica'
    THEN public.meldesync_next_version(NEW.id) ELSE 1 END;
  NEW.created_at := clock_timestamp();
  NEW.updated_at := NEW.created_at;
  NEW.updated_by := public.meldesync_actor();
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE FUNCTION meldesync_digest(content text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substr(sha256(convert_to(content, 'UTF8')), 1, 16)
$$;
--> statement-breakpoint
-- What the history says that a record holds, without what is blank.
CREATE FUNCTION meldesync_told(record bigint) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(said.key, said.value ORDER BY c.version), '{}')
  FROM public.changes c CROSS JOIN LATERAL jsonb_each(c.after) said
  WHERE c.record_id = record
    AND c.version >= (SELECT max(i.version) FROM public.changes i WHERE i.record_id = record AND i.op = 'insert')
$$;
--> statement-breakpoint
-- Tells that a record was gone before it came back, with the version that was left for it.
CREATE FUNCTION meldesync_tell_gone(record bigint, at_version integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.changes (workspace_id, record_id, version, op, before, after, actor, via, at)
  SELECT c.workspace_id, record, at_version, 'delete', public.meldesync_told(record), '{}', 'db:?', 'sql', clock_timestamp()
  FROM public.changes c WHERE c.record_id = record AND c.version = at_version - 1 AND c.op <> 'delete'
  ON CONFLICT (record_id, version) DO NOTHING
$$;
--> statement-breakpoint
-- Tells of a version above all that were told, so that the next one follows on it: what is added up goes from version to version.
-- Without a digest that any content has: what is in it is told by the sweep, with a version that is new to everybody.
CREATE FUNCTION meldesync_bridge(record bigint, workspace uuid, up_to integer, content jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  latest public.changes;
  is_next boolean;
BEGIN
  SELECT * INTO latest FROM public.changes c WHERE c.record_id = record ORDER BY c.version DESC LIMIT 1;
  IF latest.version >= up_to THEN
    RETURN;
  END IF;
  is_next := latest.op <> 'delete' AND latest.version + 1 = up_to AND latest.workspace_id = workspace;
  IF latest.op <> 'delete' AND NOT is_next THEN
    PERFORM public.meldesync_tell_gone(record, latest.version + 1);
  END IF;
  INSERT INTO public.changes (workspace_id, record_id, version, op, before, after, actor, via, at, digest)
  VALUES (workspace, record, up_to, CASE WHEN is_next THEN 'update' ELSE 'insert' END, '{}',
    CASE WHEN is_next THEN '{}' ELSE content END, 'db:?', 'sql', clock_timestamp(), '');
END
$$;
--> statement-breakpoint
-- What the records of a workspace add up to by what was told of them: what a feed begins with. Only what is written past the
-- triggers makes it differ from what they are, until that is told.
CREATE FUNCTION meldesync_told_checksum(workspace uuid) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (coalesce(sum(public.meldesync_record_checksum(record_id, version)), 0) % 4503599627370496)::bigint
  FROM (
    SELECT DISTINCT ON (record_id) record_id, version, op FROM public.changes
    WHERE workspace_id = workspace ORDER BY record_id, version DESC
  ) latest WHERE op <> 'delete'
$$;
--> statement-breakpoint
-- What of one content differs from another.
CREATE FUNCTION meldesync_differing(content jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(content) WHERE value IS DISTINCT FROM other -> key
$$;
--> statement-breakpoint
-- The list of a record's fields in these functions comes from the domain: `npm run triggers -w packages/db` prints them.
CREATE OR REPLACE FUNCTION meldesync_record_digest(r records) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT public.meldesync_digest(concat(E'\x1fvorgangsnummer=' || r.vorgangsnummer, E'\x1fibe=' || r.ibe, E'\x1fcaseId=' || r.case_id, E'\x1fdone=' || nullif(r.done, false)::text, E'\x1fassignee=' || r.assignee, E'\x1fnote=' || r.note))
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_told_digest(told jsonb) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT public.meldesync_digest(concat(E'\x1fvorgangsnummer=' || (told ->> 'vorgangsnummer'), E'\x1fibe=' || (told ->> 'ibe'), E'\x1fcaseId=' || (told ->> 'caseId'), E'\x1fdone=' || nullif(told ->> 'done', 'false'), E'\x1fassignee=' || (told ->> 'assignee'), E'\x1fnote=' || (told ->> 'note')))
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_content(r records) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('vorgangsnummer', r.vorgangsnummer, 'ibe', r.ibe, 'caseId', r.case_id, 'done', r.done, 'assignee', r.assignee, 'note', r.note)
$$;
--> statement-breakpoint
-- Records with an id above `above` and up to `up_to`, of one workspace or of all, that do not hold what their history says: by
-- content, version or workspace, those without a history, and those that are gone without a word. One statement, so one
-- moment: what a transaction writes comes with its change. A row of `changes` from before digests is read with those before it.
CREATE FUNCTION meldesync_differences(above bigint, up_to bigint, workspace uuid DEFAULT NULL)
RETURNS TABLE (record_id bigint, workspace_id uuid) LANGUAGE sql STABLE AS $$
  SELECT coalesce(r.id, c.record_id), coalesce(r.workspace_id, c.workspace_id)
  FROM (
    SELECT n.record_id, max(n.version) AS version FROM public.changes n
    WHERE n.record_id > above AND n.record_id <= up_to AND (workspace IS NULL OR n.workspace_id = workspace)
    GROUP BY n.record_id
  ) newest
  FULL JOIN (
    SELECT held.id, held.workspace_id, held.version, public.meldesync_record_digest(held) AS digest
    FROM public.records held
    WHERE held.id > above AND held.id <= up_to AND (workspace IS NULL OR held.workspace_id = workspace)
  ) r ON r.id = newest.record_id
  LEFT JOIN public.changes c ON c.record_id = newest.record_id AND c.version = newest.version
    -- Said again, so that no more of `changes` is read than that.
    AND c.record_id > above AND c.record_id <= up_to
  WHERE CASE WHEN r.id IS NULL THEN c.op <> 'delete'
    WHEN c.op IS NULL OR c.op = 'delete' OR c.version <> r.version OR c.workspace_id <> r.workspace_id THEN true
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
CREATE OR REPLACE FUNCTION records_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF public.meldesync_is_followed() OR public.meldesync_is_repaired(OLD.id) THEN
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
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_after_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at, digest)
  SELECT n.workspace_id, n.id, n.version, 'insert',
    '{}', jsonb_build_object('vorgangsnummer', n.vorgangsnummer, 'ibe', n.ibe, 'caseId', n.case_id, 'done', n.done, 'assignee', n.assignee, 'note', n.note), n.updated_by,
    coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), n.updated_at,
    public.meldesync_digest(concat(E'\x1fvorgangsnummer=' || n.vorgangsnummer, E'\x1fibe=' || n.ibe, E'\x1fcaseId=' || n.case_id, E'\x1fdone=' || nullif(n.done, false)::text, E'\x1fassignee=' || n.assignee, E'\x1fnote=' || n.note))
  FROM new_records n
  ORDER BY n.id;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_replica_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF current_setting('session_replication_role') <> 'replica' OR meldesync_has_history_source() THEN
    RETURN NULL;
  END IF;
  PERFORM meldesync_tell_gone(NEW.id, NEW.version - 1);
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at, digest)
  SELECT n.workspace_id, n.id, n.version, 'insert',
    '{}', jsonb_build_object('vorgangsnummer', n.vorgangsnummer, 'ibe', n.ibe, 'caseId', n.case_id, 'done', n.done, 'assignee', n.assignee, 'note', n.note), n.updated_by,
    coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), n.updated_at,
    public.meldesync_digest(concat(E'\x1fvorgangsnummer=' || n.vorgangsnummer, E'\x1fibe=' || n.ibe, E'\x1fcaseId=' || n.case_id, E'\x1fdone=' || nullif(n.done, false)::text, E'\x1fassignee=' || n.assignee, E'\x1fnote=' || n.note))
  FROM (SELECT NEW.*) n;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_after_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM meldesync_bridge(o.id, o.workspace_id, o.version, jsonb_build_object('vorgangsnummer', o.vorgangsnummer, 'ibe', o.ibe, 'caseId', o.case_id, 'done', o.done, 'assignee', o.assignee, 'note', o.note))
  FROM new_records n JOIN old_records o ON o.id = n.id
  WHERE (n.ibe, n.case_id, n.done, n.assignee, n.note)
     IS DISTINCT FROM (o.ibe, o.case_id, o.done, o.assignee, o.note) AND
    (SELECT count(*) FROM changes p WHERE p.record_id = o.id AND p.version = o.version AND p.op <> 'delete') = 0;
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at, digest)
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
    || CASE WHEN n.note IS DISTINCT FROM o.note THEN jsonb_build_object('note', n.note) ELSE '{}' END, n.updated_by,
    coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), n.updated_at,
    CASE (SELECT coalesce(p.digest, meldesync_told_digest(meldesync_told(o.id)))
      FROM changes p WHERE p.record_id = o.id AND p.version = o.version AND p.op <> 'delete')
      WHEN public.meldesync_digest(concat(E'\x1fvorgangsnummer=' || o.vorgangsnummer, E'\x1fibe=' || o.ibe, E'\x1fcaseId=' || o.case_id, E'\x1fdone=' || nullif(o.done, false)::text, E'\x1fassignee=' || o.assignee, E'\x1fnote=' || o.note))
      THEN public.meldesync_digest(concat(E'\x1fvorgangsnummer=' || n.vorgangsnummer, E'\x1fibe=' || n.ibe, E'\x1fcaseId=' || n.case_id, E'\x1fdone=' || nullif(n.done, false)::text, E'\x1fassignee=' || n.assignee, E'\x1fnote=' || n.note)) ELSE '' END
  FROM new_records n JOIN old_records o ON o.id = n.id
  WHERE (n.ibe, n.case_id, n.done, n.assignee, n.note)
     IS DISTINCT FROM (o.ibe, o.case_id, o.done, o.assignee, o.note)
  ORDER BY n.id;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_replica_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF current_setting('session_replication_role') <> 'replica' OR meldesync_has_history_source() THEN
    RETURN NULL;
  END IF;
  PERFORM meldesync_bridge(o.id, o.workspace_id, o.version, jsonb_build_object('vorgangsnummer', o.vorgangsnummer, 'ibe', o.ibe, 'caseId', o.case_id, 'done', o.done, 'assignee', o.assignee, 'note', o.note))
  FROM (SELECT NEW.*) n, (SELECT OLD.*) o
  WHERE (n.ibe, n.case_id, n.done, n.assignee, n.note)
     IS DISTINCT FROM (o.ibe, o.case_id, o.done, o.assignee, o.note) AND
    (SELECT count(*) FROM changes p WHERE p.record_id = o.id AND p.version = o.version AND p.op <> 'delete') = 0;
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at, digest)
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
    || CASE WHEN n.note IS DISTINCT FROM o.note THEN jsonb_build_object('note', n.note) ELSE '{}' END, n.updated_by,
    coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), n.updated_at,
    CASE (SELECT coalesce(p.digest, meldesync_told_digest(meldesync_told(o.id)))
      FROM changes p WHERE p.record_id = o.id AND p.version = o.version AND p.op <> 'delete')
      WHEN public.meldesync_digest(concat(E'\x1fvorgangsnummer=' || o.vorgangsnummer, E'\x1fibe=' || o.ibe, E'\x1fcaseId=' || o.case_id, E'\x1fdone=' || nullif(o.done, false)::text, E'\x1fassignee=' || o.assignee, E'\x1fnote=' || o.note))
      THEN public.meldesync_digest(concat(E'\x1fvorgangsnummer=' || n.vorgangsnummer, E'\x1fibe=' || n.ibe, E'\x1fcaseId=' || n.case_id, E'\x1fdone=' || nullif(n.done, false)::text, E'\x1fassignee=' || n.assignee, E'\x1fnote=' || n.note)) ELSE '' END
  FROM (SELECT NEW.*) n, (SELECT OLD.*) o
  WHERE (n.ibe, n.case_id, n.done, n.assignee, n.note)
     IS DISTINCT FROM (o.ibe, o.case_id, o.done, o.assignee, o.note);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_after_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM meldesync_bridge(o.id, o.workspace_id, o.version, jsonb_build_object('vorgangsnummer', o.vorgangsnummer, 'ibe', o.ibe, 'caseId', o.case_id, 'done', o.done, 'assignee', o.assignee, 'note', o.note))
  FROM old_records o
  WHERE
    (SELECT count(*) FROM changes p WHERE p.record_id = o.id AND p.version = o.version AND p.op <> 'delete') = 0;
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at, digest)
  SELECT o.workspace_id, o.id, o.version + 1, 'delete',
    jsonb_build_object('vorgangsnummer', o.vorgangsnummer, 'ibe', o.ibe, 'caseId', o.case_id, 'done', o.done, 'assignee', o.assignee, 'note', o.note), '{}', meldesync_actor(),
    coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), clock_timestamp(),
    NULL
  FROM old_records o
  ORDER BY o.id;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_replica_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF current_setting('session_replication_role') <> 'replica' OR meldesync_has_history_source() THEN
    RETURN NULL;
  END IF;
  PERFORM meldesync_bridge(o.id, o.workspace_id, o.version, jsonb_build_object('vorgangsnummer', o.vorgangsnummer, 'ibe', o.ibe, 'caseId', o.case_id, 'done', o.done, 'assignee', o.assignee, 'note', o.note))
  FROM (SELECT OLD.*) o
  WHERE
    (SELECT count(*) FROM changes p WHERE p.record_id = o.id AND p.version = o.version AND p.op <> 'delete') = 0;
  INSERT INTO changes (workspace_id, record_id, version, op, before, after, actor, via, operation, import_id, traceparent, at, digest)
  SELECT o.workspace_id, o.id, o.version + 1, 'delete',
    jsonb_build_object('vorgangsnummer', o.vorgangsnummer, 'ibe', o.ibe, 'caseId', o.case_id, 'done', o.done, 'assignee', o.assignee, 'note', o.note), '{}', meldesync_actor(),
    coalesce(meldesync_setting('via'), 'sql'), meldesync_setting('operation'),
    meldesync_setting('import')::uuid, meldesync_setting('traceparent'), clock_timestamp(),
    NULL
  FROM (SELECT OLD.*) o;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_repair(ids bigint[]) RETURNS TABLE (record_id bigint, workspace_id uuid, op text)
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
    told := '{"caseId":null,"done":false,"assignee":null,"note":null}' || meldesync_told(target);
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
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION meldesync_repair(bigint[]) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_repair(bigint[]) TO meldesync_app;
--> statement-breakpoint
-- Of both who write a change, which of them depends on `session_replication_role`: see `record-triggers.ts`.
CREATE TRIGGER changes_replica_insert AFTER INSERT ON records FOR EACH ROW EXECUTE FUNCTION changes_replica_insert();
--> statement-breakpoint
CREATE TRIGGER changes_replica_update AFTER UPDATE ON records FOR EACH ROW EXECUTE FUNCTION changes_replica_update();
--> statement-breakpoint
CREATE TRIGGER changes_replica_delete AFTER DELETE ON records FOR EACH ROW EXECUTE FUNCTION changes_replica_delete();
--> statement-breakpoint
-- The mode that each trigger must have, where it has another: ALTER TABLE … DISABLE and ENABLE TRIGGER leave a trace here.
CREATE FUNCTION meldesync_changed_triggers() RETURNS TABLE (on_table text, trigger text, mode text) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.relname, t.tgname, CASE wanted.enabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  CROSS JOIN LATERAL (SELECT CASE
    WHEN t.tgname LIKE 'changes\_replica\_%' THEN 'R'
    WHEN t.tgname LIKE 'records\_before\_%' OR t.tgname LIKE '%\_refuse\_%' THEN 'A'
    ELSE 'O' END AS enabled) wanted
  WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('records', 'changes', 'conflicts') AND NOT t.tgisinternal
    AND t.tgenabled <> wanted.enabled
$$;
--> statement-breakpoint
-- Gives them back what they must have; whoever migrates calls it.
CREATE FUNCTION meldesync_enable_triggers() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  changed record;
BEGIN
  FOR changed IN SELECT * FROM public.meldesync_changed_triggers() ORDER BY on_table = 'changes', on_table LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE %s TRIGGER %I', changed.on_table, changed.mode, changed.trigger);
  END LOOP;
END
$$;
--> statement-breakpoint
SELECT meldesync_enable_triggers();
