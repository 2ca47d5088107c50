-- The trail of events in monthly partitions (R5.5), each row with the transaction that wrote it; the rows that are there belong to this one.
-- As in migration 0019; but of a partitioned table a partition is no child that would hide rows.
CREATE OR REPLACE FUNCTION meldesync_changed_tables() RETURNS TABLE (on_table text, what text) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH ours AS (
    SELECT oid, relname::text AS name, relrowsecurity FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname IN ('records', 'changes', 'conflicts', 'edit_operations', 'members', 'events')
  )
  SELECT name, 'rule ' || r.rulename::text FROM ours JOIN pg_rewrite r ON r.ev_class = ours.oid
  UNION ALL
  SELECT name, 'child ' || i.inhrelid::regclass::text FROM ours JOIN pg_inherits i ON i.inhparent = ours.oid
    JOIN pg_class child ON child.oid = i.inhrelid WHERE NOT (name = 'events' AND child.relispartition)
  UNION ALL
  SELECT name, 'parent ' || i.inhparent::regclass::text FROM ours JOIN pg_inherits i ON i.inhrelid = ours.oid
  UNION ALL
  SELECT name, 'row security' FROM ours WHERE relrowsecurity
$$;
--> statement-breakpoint
ALTER TABLE events RENAME TO events_before;
--> statement-breakpoint
ALTER TABLE events_before RENAME CONSTRAINT events_kind TO events_before_kind;
--> statement-breakpoint
ALTER INDEX events_workspace RENAME TO events_before_workspace;
--> statement-breakpoint
ALTER INDEX events_subject RENAME TO events_before_subject;
--> statement-breakpoint
ALTER SEQUENCE events_id_seq RENAME TO events_before_id_seq;
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"txid" text DEFAULT pg_current_xact_id()::text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL,
	"actor" text NOT NULL,
	"session_id" text,
	"address" text,
	"workspace_id" uuid,
	"subject" text,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "events_id_at_pk" PRIMARY KEY("id","at"),
	CONSTRAINT "events_txid" CHECK (txid ~ '^[0-9]+$' and length(txid) <= 20),
	CONSTRAINT "events_kind" CHECK ("events"."kind" ~ '^[a-z]+(-[a-z]+)*$' and length("events"."kind") <= 64),
	CONSTRAINT "events_actor" CHECK (length("events"."actor") between 1 and 200),
	CONSTRAINT "events_content" CHECK (jsonb_typeof(before) = 'object' and jsonb_typeof(after) = 'object')
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE events_default PARTITION OF events DEFAULT;
--> statement-breakpoint
CREATE INDEX "events_workspace" ON "events" USING btree ("workspace_id","id");
--> statement-breakpoint
CREATE INDEX "events_subject" ON "events" USING btree ("subject","id");
--> statement-breakpoint
-- Makes the partitions of all months from that of a moment to so many after this one that are not there; how many it made. Who calls it is
-- the owner, or a worker by a function of the owner's.
CREATE FUNCTION meldesync_events_partitions(since timestamptz, ahead integer DEFAULT 2) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  starts date;
  named text;
  made integer := 0;
BEGIN
  FOR starts IN
    SELECT generate_series(date_trunc('month', since AT TIME ZONE 'UTC'), date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead), '1 month')
  LOOP
    named := to_char(starts, '"events_"YYYY"_"MM');
    CONTINUE WHEN to_regclass('public.' || named) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I PARTITION OF events FOR VALUES FROM (%L) TO (%L)', named,
      starts::timestamp AT TIME ZONE 'UTC', (starts + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('CREATE TRIGGER events_refuse_rewrite BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_rewrite()', named);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER events_refuse_rewrite', named);
    EXECUTE format('REVOKE ALL ON %I FROM meldesync_app', named);
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION meldesync_events_partitions(timestamptz, integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_events_partitions(timestamptz, integer) TO meldesync_worker;
--> statement-breakpoint
SELECT meldesync_events_partitions(coalesce((SELECT min(at) FROM events_before), now()));
--> statement-breakpoint
INSERT INTO events (id, at, kind, actor, session_id, address, workspace_id, subject, before, after) OVERRIDING SYSTEM VALUE
  SELECT id, at, kind, actor, session_id, address, workspace_id, subject, before, after FROM events_before ORDER BY id;
--> statement-breakpoint
SELECT setval('events_id_seq', greatest((SELECT last_value FROM events_before_id_seq), 1), (SELECT is_called FROM events_before_id_seq));
--> statement-breakpoint
DROP TABLE events_before;
--> statement-breakpoint
CREATE TRIGGER events_refuse_rewrite BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_rewrite();
--> statement-breakpoint
CREATE TRIGGER events_refuse_rewrite BEFORE UPDATE OR DELETE OR TRUNCATE ON events_default
  FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_rewrite();
--> statement-breakpoint
ALTER TABLE events_default ENABLE ALWAYS TRIGGER events_refuse_rewrite;
--> statement-breakpoint
-- Screens that show who belongs here look again; not whenever somebody signs in, locks a record or opens a page.
CREATE TRIGGER notify_event AFTER INSERT ON events FOR EACH ROW
  WHEN (NEW.kind !~ '^(session-|sign-in|reauthenticat|password-changed|second-factor-|lock-|conflict-|import-|records-|audit-|connection-|level-|entries-|incarnation-|retention-|case-)')
  EXECUTE FUNCTION notify_event();
--> statement-breakpoint
SELECT meldesync_enable_triggers();
--> statement-breakpoint
REVOKE ALL ON events, events_default FROM meldesync_app;
--> statement-breakpoint
GRANT SELECT, INSERT ON events TO meldesync_app;
--> statement-breakpoint
-- What workers do is on record too.
GRANT INSERT ON events TO meldesync_worker;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE events_id_seq TO meldesync_app, meldesync_worker;
--> statement-breakpoint
GRANT SELECT ON events TO meldesync_auditor;
