-- The trail proves itself (R5.5): seals, what they are made of, and what makes them. See docs/AUDIT.md and ADR 34.
CREATE TABLE "audit_checkpoints" (
	"no" bigint PRIMARY KEY NOT NULL,
	"size" bigint NOT NULL,
	"link" "bytea" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"key_id" text NOT NULL,
	"signature" "bytea" NOT NULL,
	CONSTRAINT "audit_checkpoints_signature" CHECK (length(link) = 32 and length(signature) = 64)
);
--> statement-breakpoint
CREATE TABLE "audit_leaves" (
	"seal" bigint NOT NULL,
	"position" integer NOT NULL,
	"source" text NOT NULL,
	"entry" bigint NOT NULL,
	"salt" "bytea",
	"content" "bytea",
	"leaf" "bytea" NOT NULL,
	"erased" bigint,
	"cut" bigint,
	CONSTRAINT "audit_leaves_seal_position_pk" PRIMARY KEY("seal","position"),
	CONSTRAINT "audit_leaves_entry" UNIQUE("source","entry"),
	CONSTRAINT "audit_leaves_source" CHECK (source in ('c', 'e')),
	CONSTRAINT "audit_leaves_salt" CHECK (length(salt) = 16 or (salt is null and (erased is not null or cut is not null))),
	CONSTRAINT "audit_leaves_hashes" CHECK (length(leaf) = 32 and length(content) = 32)
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"no" bigint PRIMARY KEY NOT NULL,
	"incarnation" text NOT NULL,
	"changes_base" bigint NOT NULL,
	"events_base" bigint NOT NULL,
	"first_txid" text,
	"last_txid" text,
	"leaves" integer NOT NULL,
	"size" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"root" "bytea" NOT NULL,
	"previous" "bytea" NOT NULL,
	"link" "bytea" NOT NULL,
	CONSTRAINT "audit_seals_hashes" CHECK (length(root) = 32 and length(previous) = 32 and length(link) = 32),
	CONSTRAINT "audit_seals_count" CHECK (no >= 1 and leaves >= 1 and size >= leaves)
);
--> statement-breakpoint
CREATE TABLE "audit_state" (
	"single" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"incarnation" text,
	"changes_base" bigint DEFAULT 0 NOT NULL,
	"events_base" bigint DEFAULT 0 NOT NULL,
	"phase" text DEFAULT 'waiting' NOT NULL,
	"changes_done" bigint DEFAULT 0 NOT NULL,
	"events_done" bigint DEFAULT 0 NOT NULL,
	"changes_mark" bigint,
	"events_mark" bigint,
	"mark_waits" text[],
	"mark_txid" text,
	"last_txid" text DEFAULT '' NOT NULL,
	"last_source" text DEFAULT '' NOT NULL,
	"last_entry" bigint DEFAULT 0 NOT NULL,
	"is_behind" boolean DEFAULT false NOT NULL,
	"final_txid" text DEFAULT '' NOT NULL,
	"final_since" timestamp with time zone,
	CONSTRAINT "audit_state_single" CHECK ("audit_state"."single")
);
--> statement-breakpoint
-- What docs/AUDIT.md describes, in SQL; packages/audit has the same in TypeScript. Without a `search_path` of their own, so that they are inlined.
CREATE FUNCTION meldesync_entry_content(before jsonb, after jsonb) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT convert_to(jsonb_build_array(before, after)::text, 'UTF8')
$$;
--> statement-breakpoint
CREATE FUNCTION meldesync_micros(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (extract(epoch FROM at) * 1000000)::bigint::text
$$;
--> statement-breakpoint
CREATE FUNCTION meldesync_change_leaf(c changes, commitment bytea) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256('\x00'::bytea || convert_to(jsonb_build_array('meldesync-entry-1', 'c', c.id::text, c.txid, public.meldesync_micros(c.at),
    c.workspace_id::text, c.record_id::text, c.version::text, c.op, c.actor, c.via, c.operation, c.import_id::text, c.traceparent,
    encode(commitment, 'hex'))::text, 'UTF8'))
$$;
--> statement-breakpoint
CREATE FUNCTION meldesync_event_leaf(e events, commitment bytea) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256('\x00'::bytea || convert_to(jsonb_build_array('meldesync-entry-1', 'e', e.id::text, e.txid, public.meldesync_micros(e.at),
    e.workspace_id::text, e.kind, e.actor, e.session_id, e.address, e.subject, encode(commitment, 'hex'))::text, 'UTF8'))
$$;
--> statement-breakpoint
-- Root of the tree of RFC 6962, level by level: a node without a neighbour goes up as it is.
CREATE FUNCTION meldesync_tree_root(leaves bytea[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  level bytea[] := leaves;
BEGIN
  WHILE cardinality(level) > 1 LOOP
    SELECT array_agg(CASE WHEN p.next IS NULL THEN p.node ELSE sha256('\x01'::bytea || p.node || p.next) END ORDER BY p.place) INTO level
    FROM (
      SELECT node, place, lead(node) OVER (ORDER BY place) AS next FROM unnest(level) WITH ORDINALITY nodes (node, place)
    ) p WHERE p.place % 2 = 1;
  END LOOP;
  RETURN coalesce(level[1], sha256(''::bytea));
END
$$;
--> statement-breakpoint
CREATE FUNCTION meldesync_seal_link(s audit_seals) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT sha256('\x02'::bytea || convert_to(jsonb_build_array('meldesync-seal-1', s.no::text, s.incarnation, s.changes_base::text,
    s.events_base::text, s.first_txid, s.last_txid, s.leaves::text, s.size::text, public.meldesync_micros(s.at),
    encode(s.root, 'hex'), encode(s.previous, 'hex'))::text, 'UTF8'))
$$;
--> statement-breakpoint
-- Seals what is final: `most` entries at the most, in the order of their transactions. Takes no lock that an edit would wait for. No row
-- where another session is at it. An entry is final once every transaction up to its own has ended: nothing can come in before it.
--
-- So as not to look through all entries each time, it notes which ids were given out and waits until who was writing then has ended: by
-- virtual transaction ids first, since an entry's id is given out before that of its transaction; then by those of transactions, since
-- what is prepared changes its virtual one.
CREATE FUNCTION meldesync_seal(most integer DEFAULT 20000)
RETURNS TABLE (seal bigint, sealed integer, is_behind boolean, lag_ms float8, held_ms float8, held_by integer, began text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  state audit_state;
  latest audit_seals;
  fresh audit_seals;
  here text;
  changes_given bigint;
  events_given bigint;
  running text[];
  final text;
  upcoming text;
  holder xid;
  oldest timestamptz;
  is_by_id boolean;
  count_sealed integer := 0;
  first_key text;
  last_key text;
  last_source text;
  last_entry bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(4839210567342) THEN
    RETURN;
  END IF;
  -- Not by the migration: a subscription that brings all tables into a fresh database would meet it.
  INSERT INTO audit_state DEFAULT VALUES ON CONFLICT DO NOTHING;
  SELECT * INTO state FROM audit_state;
  SELECT c.system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) INTO here FROM pg_control_system() c;
  -- In this order: who has drawn an id holds the lock of who inserts until its transaction ends.
  SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END INTO changes_given FROM changes_id_seq;
  SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END INTO events_given FROM events_id_seq;
  SELECT coalesce(array_agg(DISTINCT l.virtualtransaction), '{}') INTO running FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'RowExclusiveLock' AND l.pid IS DISTINCT FROM pg_backend_pid()
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (l.relation IN ('changes'::regclass, 'events'::regclass)
        OR l.relation IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'events'::regclass));
  SELECT lpad(pg_snapshot_xmin(now_seen)::text, 20, '0'), lpad(pg_snapshot_xmax(now_seen)::text, 20, '0'),
    pg_snapshot_xmin(now_seen)::xid INTO final, upcoming, holder FROM pg_current_snapshot() now_seen;
  SELECT * INTO latest FROM audit_seals ORDER BY no DESC LIMIT 1;

  -- A server, or a life of it, whose transaction ids are not those of before.
  IF state.incarnation IS DISTINCT FROM here THEN
    IF state.incarnation IS NOT NULL THEN
      INSERT INTO events (kind, actor, before, after) VALUES ('incarnation-began', 'system',
        jsonb_build_object('incarnation', state.incarnation), jsonb_build_object('incarnation', here, 'seal', latest.no));
      began := here;
    END IF;
    UPDATE audit_state SET incarnation = here, changes_base = changes_given, events_base = events_given, phase = 'waiting',
      changes_mark = changes_given, events_mark = events_given, mark_waits = running, mark_txid = NULL,
      last_txid = '', last_source = '', last_entry = 0, is_behind = true, final_txid = final, final_since = clock_timestamp();
    RETURN QUERY SELECT latest.no, 0, true, 0::float8, 0::float8, NULL::integer, began;
    RETURN;
  END IF;

  IF state.phase = 'by-txid' AND state.changes_done >= changes_given AND state.events_done >= events_given THEN
    RETURN QUERY SELECT latest.no, 0, false, 0::float8, 0::float8, NULL::integer, NULL::text;
    RETURN;
  END IF;
  IF final <> state.final_txid THEN
    state.final_since := clock_timestamp();
  END IF;
  held_ms := extract(epoch FROM clock_timestamp() - state.final_since) * 1000;
  IF upcoming = final THEN
    held_ms := 0;
  ELSE
    SELECT l.pid INTO held_by FROM pg_locks l
      WHERE l.locktype = 'transactionid' AND l.granted AND l.mode = 'ExclusiveLock' AND l.transactionid = holder LIMIT 1;
  END IF;

  IF state.mark_waits IS NOT NULL AND NOT state.mark_waits && running THEN
    state.mark_waits := NULL;
    state.mark_txid := upcoming;
  END IF;
  IF state.phase = 'waiting' AND state.mark_txid <= final THEN
    state.phase := 'by-id';
    state.changes_mark := NULL;
    state.events_mark := NULL;
    state.mark_txid := NULL;
  END IF;

  IF state.phase <> 'waiting' AND (state.phase = 'by-id' OR state.is_behind OR final <> state.final_txid) THEN
    fresh.no := coalesce(latest.no, 0) + 1;
    is_by_id := state.phase = 'by-id';
    WITH found AS (
      SELECT 'c' AS source, c.id AS entry, CASE WHEN is_by_id THEN '' ELSE lpad(c.txid, 20, '0') END COLLATE "C" AS txid, c.at FROM changes c
      WHERE c.id > CASE WHEN is_by_id THEN state.changes_done ELSE greatest(state.changes_done, state.changes_base) END
        AND c.id <= CASE WHEN is_by_id THEN state.changes_base ELSE 9223372036854775807 END
        AND (CASE WHEN is_by_id THEN '' ELSE lpad(c.txid, 20, '0') END COLLATE "C", 'c', c.id) > (state.last_txid, state.last_source, state.last_entry)
        AND (is_by_id OR lpad(c.txid, 20, '0') COLLATE "C" < final)
        AND (NOT is_by_id OR NOT EXISTS (SELECT FROM audit_leaves l WHERE l.source = 'c' AND l.entry = c.id))
      UNION ALL
      SELECT 'e', e.id, CASE WHEN is_by_id THEN '' ELSE lpad(e.txid, 20, '0') END COLLATE "C", e.at FROM events e
      WHERE e.id > CASE WHEN is_by_id THEN state.events_done ELSE greatest(state.events_done, state.events_base) END
        AND e.id <= CASE WHEN is_by_id THEN state.events_base ELSE 9223372036854775807 END
        AND (CASE WHEN is_by_id THEN '' ELSE lpad(e.txid, 20, '0') END COLLATE "C", 'e', e.id) > (state.last_txid, state.last_source, state.last_entry)
        AND (is_by_id OR lpad(e.txid, 20, '0') COLLATE "C" < final)
        AND (NOT is_by_id OR NOT EXISTS (SELECT FROM audit_leaves l WHERE l.source = 'e' AND l.entry = e.id))
      ORDER BY txid, source, entry LIMIT most
    ), salted AS MATERIALIZED (
      SELECT *, (row_number() OVER (ORDER BY txid, source, entry) - 1)::integer AS place, uuid_send(gen_random_uuid()) AS salt FROM found
    ), hashed AS MATERIALIZED (
      SELECT s.*, meldesync_change_leaf(c, sha256(s.salt || meldesync_entry_content(c.before, c.after))) AS leaf
      FROM salted s JOIN changes c ON c.id = s.entry WHERE s.source = 'c'
      UNION ALL
      SELECT s.*, meldesync_event_leaf(e, sha256(s.salt || meldesync_entry_content(e.before, e.after)))
      FROM salted s JOIN events e ON e.id = s.entry AND e.at = s.at WHERE s.source = 'e'
    ), kept AS (
      INSERT INTO audit_leaves (seal, position, source, entry, salt, leaf)
      SELECT fresh.no, place, source, entry, salt, leaf FROM hashed
    )
    SELECT count(*), min(txid), max(txid), min(at), meldesync_tree_root(array_agg(leaf ORDER BY place)),
      (array_agg(source ORDER BY place DESC))[1], (array_agg(entry ORDER BY place DESC))[1]
    INTO count_sealed, first_key, last_key, oldest, fresh.root, last_source, last_entry FROM hashed;
    state.is_behind := count_sealed >= most;
    IF count_sealed > 0 THEN
      state.last_txid := last_key;
      state.last_source := last_source;
      state.last_entry := last_entry;
      IF NOT is_by_id THEN
        fresh.first_txid := first_key::numeric::text;
        fresh.last_txid := last_key::numeric::text;
      END IF;
      fresh.incarnation := here;
      fresh.changes_base := state.changes_base;
      fresh.events_base := state.events_base;
      fresh.leaves := count_sealed;
      fresh.size := coalesce(latest.size, 0) + count_sealed;
      fresh.at := clock_timestamp();
      fresh.previous := coalesce(latest.link, decode(repeat('00', 32), 'hex'));
      fresh.link := meldesync_seal_link(fresh);
      INSERT INTO audit_seals SELECT fresh.*;
      latest := fresh;
    END IF;
    IF state.phase = 'by-id' AND NOT state.is_behind THEN
      state.phase := 'by-txid';
      state.changes_done := greatest(state.changes_done, state.changes_base);
      state.events_done := greatest(state.events_done, state.events_base);
      state.last_txid := '';
      state.last_source := '';
      state.last_entry := 0;
      -- Those in the order of their transactions come at the next call.
      state.is_behind := true;
    END IF;
  END IF;

  IF state.phase = 'by-txid' THEN
    IF state.mark_txid <= final AND NOT state.is_behind THEN
      state.changes_done := state.changes_mark;
      state.events_done := state.events_mark;
      state.changes_mark := NULL;
      state.events_mark := NULL;
      state.mark_txid := NULL;
    END IF;
    IF state.changes_mark IS NULL THEN
      state.changes_mark := changes_given;
      state.events_mark := events_given;
      state.mark_waits := running;
    END IF;
  END IF;
  UPDATE audit_state SET phase = state.phase, changes_done = state.changes_done, events_done = state.events_done,
    changes_mark = state.changes_mark, events_mark = state.events_mark, mark_waits = state.mark_waits, mark_txid = state.mark_txid,
    last_txid = state.last_txid, last_source = state.last_source, last_entry = state.last_entry, is_behind = state.is_behind,
    final_txid = final, final_since = state.final_since;
  RETURN QUERY SELECT latest.no, count_sealed, state.is_behind OR state.phase <> 'by-txid',
    coalesce(extract(epoch FROM clock_timestamp() - oldest) * 1000, 0)::float8, held_ms, held_by, NULL::text;
END
$$;
--> statement-breakpoint
-- Seals are written once. Of a leaf the content may be erased and the entry cut, once.
CREATE FUNCTION audit_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit_seals_refuse_rewrite BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_rewrite();
--> statement-breakpoint
CREATE TRIGGER audit_checkpoints_refuse_rewrite BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_rewrite();
--> statement-breakpoint
CREATE TRIGGER audit_leaves_refuse_removal BEFORE DELETE OR TRUNCATE ON audit_leaves
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_rewrite();
--> statement-breakpoint
CREATE TRIGGER audit_leaves_refuse_rewrite BEFORE UPDATE ON audit_leaves FOR EACH ROW WHEN (
  (NEW.seal, NEW.position, NEW.source, NEW.entry, NEW.leaf) IS DISTINCT FROM (OLD.seal, OLD.position, OLD.source, OLD.entry, OLD.leaf)
  OR (NEW.salt IS NOT NULL AND NEW.salt IS DISTINCT FROM OLD.salt)
  OR (OLD.content IS NOT NULL AND NEW.content IS DISTINCT FROM OLD.content)
  OR (OLD.erased IS NOT NULL AND NEW.erased IS DISTINCT FROM OLD.erased)
  OR (OLD.cut IS NOT NULL AND NEW.cut IS DISTINCT FROM OLD.cut)
) EXECUTE FUNCTION audit_refuse_rewrite();
--> statement-breakpoint
-- As in migration 0019, and those of seals.
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
    ('auth.session', 'notify_access', 'A'), ('auth.session', 'notify_access_shortened', 'A'), ('auth.session', 'notify_access_of_all', 'A'),
    ('events', 'events_refuse_rewrite', 'A'), ('events', 'notify_event', 'A'), ('workspaces', 'notify_archived', 'A'),
    ('auth.user', 'notify_account', 'A'), ('auth.passkey', 'notify_second_factor', 'A'), ('auth.two_factor', 'notify_second_factor', 'A'),
    ('audit_seals', 'audit_seals_refuse_rewrite', 'A'), ('audit_checkpoints', 'audit_checkpoints_refuse_rewrite', 'A'),
    ('audit_leaves', 'audit_leaves_refuse_removal', 'A'), ('audit_leaves', 'audit_leaves_refuse_rewrite', 'A')
  ) wanted (of, named, enabled)
  -- Not by a regclass, which only those may ask for who may look into the schema.
  LEFT JOIN (pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace)
    ON t.tgname = wanted.named AND c.relname = split_part('public.' || wanted.of, '.', -1)
    AND s.nspname = split_part('public.' || wanted.of, '.', -2)
  WHERE t.tgenabled IS DISTINCT FROM wanted.enabled::"char"
$$;
--> statement-breakpoint
SELECT meldesync_enable_triggers();
--> statement-breakpoint
REVOKE ALL ON audit_seals, audit_leaves, audit_checkpoints, audit_state FROM meldesync_app;
--> statement-breakpoint
-- Who reads the trail reads what proves it. A worker may sign in as the application.
GRANT SELECT ON audit_seals, audit_leaves, audit_checkpoints TO meldesync_app, meldesync_auditor;
--> statement-breakpoint
GRANT SELECT ON audit_state TO meldesync_auditor;
--> statement-breakpoint
GRANT SELECT ON audit_seals, audit_checkpoints TO meldesync_worker;
--> statement-breakpoint
GRANT INSERT ON audit_checkpoints TO meldesync_worker, meldesync_app;
--> statement-breakpoint
REVOKE ALL ON FUNCTION meldesync_seal(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_seal(integer) TO meldesync_worker, meldesync_app;
