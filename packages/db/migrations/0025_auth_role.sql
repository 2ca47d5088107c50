-- Who signs in and who may what is written by a role of its own, and the role of the nodes' other work has nothing to do with it: what gets
-- through in a question about records makes nobody an administrator. Expand: nodes of the release before go on as meldesync_app alone, until
-- `meldesync_narrow_app` takes its old rights away. Of a new installation the migrating program does that at once.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'meldesync_auth') THEN
    CREATE ROLE meldesync_auth NOLOGIN;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public, auth TO meldesync_auth;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO meldesync_auth;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA auth REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM meldesync_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON members, account_links TO meldesync_auth;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON workspaces, invitations TO meldesync_auth;
--> statement-breakpoint
GRANT SELECT, INSERT ON events TO meldesync_auth;
--> statement-breakpoint
-- Who loses the right to import loses what they have brought in and is not worked through.
GRANT SELECT, UPDATE ON imports TO meldesync_auth;
--> statement-breakpoint
GRANT SELECT, DELETE ON import_chunks TO meldesync_auth;
--> statement-breakpoint
GRANT SELECT ON erasures TO meldesync_auth;
--> statement-breakpoint
GRANT SELECT, INSERT ON retention_runs TO meldesync_auth;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE events_id_seq, retention_runs_id_seq TO meldesync_auth;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_erase_case(uuid, text, text, text, text, text) TO meldesync_auth;
--> statement-breakpoint
-- Holds a workspace against acts on its people until the transaction ends. A lock on a row takes the right to change it, which who brings in a
-- file has no need of.
CREATE FUNCTION meldesync_hold_workspace(workspace uuid) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT FROM workspaces WHERE id = workspace FOR SHARE
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION meldesync_hold_workspace(uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_hold_workspace(uuid) TO meldesync_app;
--> statement-breakpoint
-- Contract: leaves meldesync_app what a node of this release asks as it. For the owner alone.
CREATE FUNCTION meldesync_narrow_app() RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  REVOKE ALL ON ALL TABLES IN SCHEMA auth FROM meldesync_app;
  -- The names of those who did something, and whether their account is open.
  GRANT SELECT (id, name, kind, disabled_at) ON auth."user" TO meldesync_app;
  REVOKE ALL ON members, workspaces, account_links, invitations FROM meldesync_app;
  GRANT SELECT ON members, workspaces TO meldesync_app;
  REVOKE ALL ON FUNCTION meldesync_erase_case(uuid, text, text, text, text, text) FROM meldesync_app;
  -- What is a worker's.
  REVOKE ALL ON erasures, retention_runs, audit_checkpoints FROM meldesync_app;
  GRANT SELECT ON audit_checkpoints TO meldesync_app;
  REVOKE ALL ON FUNCTION meldesync_repair(bigint[]), meldesync_fill_digests(bigint, bigint), meldesync_seal(integer),
    meldesync_import_rows_partitions(timestamptz, integer), meldesync_events_partitions(timestamptz, integer),
    meldesync_cut_changes(bigint, bigint[], text), meldesync_cut_events(bigint, date, bigint, text),
    meldesync_cut_import_rows(bigint, date), meldesync_cut_operations(bigint, timestamptz, integer),
    meldesync_cut_conflicts(bigint, timestamptz, integer), meldesync_count_old(text, timestamptz),
    meldesync_count_events(date), meldesync_events_to_cut(date, bigint, integer) FROM meldesync_app;
  REVOKE INSERT ON import_rows FROM meldesync_app;
  REVOKE DELETE, TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM meldesync_app;
  GRANT DELETE ON import_chunks TO meldesync_app;
  REVOKE UPDATE ON import_chunks FROM meldesync_app;
END
$$;
--> statement-breakpoint
-- The way back, for nodes of the release before: what meldesync_app could before it was narrowed. For the owner alone.
CREATE FUNCTION meldesync_widen_app() RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO meldesync_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON members, workspaces, account_links TO meldesync_app;
  GRANT DELETE ON records, imports, import_chunks, edit_operations TO meldesync_app;
  GRANT UPDATE ON import_chunks TO meldesync_app;
  GRANT SELECT, INSERT, UPDATE ON invitations TO meldesync_app;
  GRANT SELECT ON erasures TO meldesync_app;
  GRANT UPDATE (salt, hashes, streams_done_at, archives_done_at) ON erasures TO meldesync_app;
  GRANT SELECT, INSERT ON retention_runs TO meldesync_app;
  GRANT UPDATE (started_at, finished_at, report, failure) ON retention_runs TO meldesync_app;
  GRANT INSERT ON audit_checkpoints, import_rows TO meldesync_app;
  GRANT EXECUTE ON FUNCTION meldesync_repair(bigint[]), meldesync_fill_digests(bigint, bigint), meldesync_seal(integer),
    meldesync_import_rows_partitions(timestamptz, integer), meldesync_events_partitions(timestamptz, integer),
    meldesync_cut_changes(bigint, bigint[], text), meldesync_cut_events(bigint, date, bigint, text),
    meldesync_cut_import_rows(bigint, date), meldesync_cut_operations(bigint, timestamptz, integer),
    meldesync_cut_conflicts(bigint, timestamptz, integer), meldesync_count_old(text, timestamptz),
    meldesync_count_events(date), meldesync_events_to_cut(date, bigint, integer),
    meldesync_erase_case(uuid, text, text, text, text, text) TO meldesync_app;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION meldesync_narrow_app(), meldesync_widen_app() FROM PUBLIC;
