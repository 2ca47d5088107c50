-- Each process signs in as a role that may do what its work needs and nothing else. The migrating program gives those a
-- password that are to sign in; until then the owner and the application's role do their work, as before.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['meldesync_worker', 'meldesync_relay', 'meldesync_auditor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO meldesync_worker, meldesync_relay, meldesync_auditor;
--> statement-breakpoint
-- The worker: imports, and the records that they write. Nothing of who signs in, and nothing of the trail.
GRANT SELECT, UPDATE ON imports TO meldesync_worker;
--> statement-breakpoint
GRANT SELECT, INSERT ON import_rows TO meldesync_worker;
--> statement-breakpoint
GRANT SELECT, DELETE ON import_chunks TO meldesync_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON records TO meldesync_worker;
--> statement-breakpoint
GRANT SELECT ON workspaces TO meldesync_worker;
--> statement-breakpoint
-- It compares records with what was told of them, and tells of what was written past the triggers.
GRANT SELECT ON changes TO meldesync_worker;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_repair(bigint[]) TO meldesync_worker;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO meldesync_worker;
--> statement-breakpoint
-- The relay: where the feed stands, and of records what checksums are made of. The changes come with the log.
GRANT SELECT, INSERT, UPDATE, DELETE ON feed_state, feed_positions TO meldesync_relay;
--> statement-breakpoint
GRANT SELECT ON workspaces TO meldesync_relay;
--> statement-breakpoint
GRANT SELECT (id, workspace_id, version) ON records TO meldesync_relay;
--> statement-breakpoint
GRANT SELECT (workspace_id, record_id, version, op) ON changes TO meldesync_relay;
--> statement-breakpoint
-- The auditor reads what happened, and the names of those who did it.
GRANT SELECT ON records, changes, conflicts, imports, import_rows, workspaces TO meldesync_auditor;
--> statement-breakpoint
GRANT USAGE ON SCHEMA auth TO meldesync_auditor;
--> statement-breakpoint
GRANT SELECT (id, name, email) ON auth."user" TO meldesync_auditor;
--> statement-breakpoint
-- The worker writes in the name of who uploaded a file, and in no other way.
CREATE OR REPLACE FUNCTION meldesync_names_person() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN public.meldesync_is_readable('actor', current_setting('meldesync.actor', true))
    THEN CASE
      WHEN session_user = 'meldesync_app' THEN true
      WHEN session_user = 'meldesync_worker' THEN current_setting('meldesync.via', true) IS NOT DISTINCT FROM 'import'
      ELSE public.meldesync_is_application()
    END
    ELSE false
  END
$$;
