-- The application's role: everything its work needs, and no way to write the audit trail.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'meldesync_app') THEN
    CREATE ROLE meldesync_app NOLOGIN;
  END IF;
END $$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public, auth TO meldesync_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, auth TO meldesync_app;
--> statement-breakpoint
REVOKE INSERT, UPDATE, DELETE ON changes, feed_state, feed_positions FROM meldesync_app;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, auth TO meldesync_app;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO meldesync_app;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA auth GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO meldesync_app;
