-- Who belongs to an installation, and how they come in. Expand: each new column has a value that leaves what stood before as it was.
CREATE TABLE "account_links" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"user_id" text,
	"secret_hash" text NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "account_links_secret_hash_unique" UNIQUE("secret_hash"),
	CONSTRAINT "account_links_kind" CHECK ("account_links"."kind" in ('setup', 'password')),
	CONSTRAINT "account_links_user" CHECK (("account_links"."kind" = 'setup') = ("account_links"."user_id" is null))
);
--> statement-breakpoint
CREATE TABLE "auth"."device_code" (
	"id" text PRIMARY KEY NOT NULL,
	"device_code" text NOT NULL,
	"user_code" text NOT NULL,
	"user_id" text,
	"expires_at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"last_polled_at" timestamp with time zone,
	"polling_interval" integer,
	"client_id" text,
	"scope" text,
	"user_agent" text,
	"ip_address" text,
	"session_id" text,
	CONSTRAINT "device_code_device_code_unique" UNIQUE("device_code"),
	CONSTRAINT "device_code_user_code_unique" UNIQUE("user_code")
);
--> statement-breakpoint
CREATE TABLE "auth"."passkey" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"public_key" text NOT NULL,
	"user_id" text NOT NULL,
	"credential_id" text NOT NULL,
	"counter" integer NOT NULL,
	"device_type" text NOT NULL,
	"backed_up" boolean NOT NULL,
	"transports" text,
	"created_at" timestamp with time zone DEFAULT now(),
	"aaguid" text,
	CONSTRAINT "passkey_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
CREATE TABLE "auth"."two_factor" (
	"id" text PRIMARY KEY NOT NULL,
	"secret" text NOT NULL,
	"backup_codes" text NOT NULL,
	"user_id" text NOT NULL,
	"verified" boolean DEFAULT true,
	"failed_verification_count" integer DEFAULT 0,
	"locked_until" timestamp with time zone,
	"last_code" text,
	"last_code_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL,
	"actor" text NOT NULL,
	"session_id" text,
	"address" text,
	"workspace_id" uuid,
	"subject" text,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "events_kind" CHECK ("events"."kind" ~ '^[a-z]+(-[a-z]+)*$' and length("events"."kind") <= 64),
	CONSTRAINT "events_actor" CHECK (length("events"."actor") between 1 and 200),
	CONSTRAINT "events_content" CHECK (jsonb_typeof(before) = 'object' and jsonb_typeof(after) = 'object')
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" uuid NOT NULL,
	"email" text NOT NULL,
	"name" text,
	"role" text NOT NULL,
	"member_expires_at" timestamp with time zone,
	"secret_hash" text NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"accepted_by" text,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invitations_secret_hash_unique" UNIQUE("secret_hash"),
	CONSTRAINT "invitations_role" CHECK ("invitations"."role" in ('viewer', 'editor', 'admin', 'auditor'))
);
--> statement-breakpoint
ALTER TABLE "members" DROP CONSTRAINT "members_role";--> statement-breakpoint
ALTER TABLE "imports" DROP CONSTRAINT "imports_created_by_user_id_fk";
--> statement-breakpoint
ALTER TABLE "imports" DROP CONSTRAINT "imports_cancelled_by_user_id_fk";
--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "kind" text DEFAULT 'browser' NOT NULL;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "method" text;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "label" text;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "max_role" text;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "workspace_id" uuid;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "is_shared" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "last_input_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "authenticated_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "key_id" text;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "provider_session" text;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD COLUMN "provider_token" text;--> statement-breakpoint
ALTER TABLE "auth"."user" ADD COLUMN "admin_source" text DEFAULT 'manual' NOT NULL;--> statement-breakpoint
ALTER TABLE "auth"."user" ADD COLUMN "two_factor_enabled" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "auth"."user" ADD COLUMN "kind" text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE "auth"."user" ADD COLUMN "is_installation_admin" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "auth"."user" ADD COLUMN "disabled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "auth"."user" ADD COLUMN "is_demo" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "auth"."user" ADD COLUMN "is_address_unproven" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "suspended_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "source" text DEFAULT 'manual' NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "archived_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "is_demo" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "auth"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_created_by_user_id_fk" FOREIGN KEY ("created_by") REFERENCES "auth"."user"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."device_code" ADD CONSTRAINT "device_code_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "auth"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."passkey" ADD CONSTRAINT "passkey_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "auth"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."two_factor" ADD CONSTRAINT "two_factor_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "auth"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_created_by_user_id_fk" FOREIGN KEY ("created_by") REFERENCES "auth"."user"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_user_id_fk" FOREIGN KEY ("accepted_by") REFERENCES "auth"."user"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "passkey_user" ON "auth"."passkey" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "two_factor_user" ON "auth"."two_factor" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "events_workspace" ON "events" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "events_subject" ON "events" USING btree ("subject","id");--> statement-breakpoint
CREATE INDEX "invitations_workspace" ON "invitations" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "invitations_email" ON "invitations" USING btree ("email");--> statement-breakpoint
CREATE INDEX "invitations_created_by" ON "invitations" USING btree ("created_by");--> statement-breakpoint
ALTER TABLE "auth"."session" ADD CONSTRAINT "session_method" CHECK ("auth"."session"."method" in ('password', 'passkey', 'oidc', 'device'));--> statement-breakpoint
ALTER TABLE "auth"."session" ADD CONSTRAINT "session_kind" CHECK ("auth"."session"."kind" in ('browser', 'terminal', 'service'));--> statement-breakpoint
ALTER TABLE "auth"."session" ADD CONSTRAINT "session_max_role" CHECK ("auth"."session"."max_role" in ('viewer', 'editor', 'admin'));--> statement-breakpoint
ALTER TABLE "auth"."user" ADD CONSTRAINT "user_kind" CHECK ("auth"."user"."kind" in ('person', 'service'));--> statement-breakpoint
ALTER TABLE "auth"."user" ADD CONSTRAINT "user_admin_source" CHECK ("auth"."user"."admin_source" in ('manual', 'groups'));--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_source" CHECK ("members"."source" in ('manual', 'groups'));--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_role" CHECK ("members"."role" in ('viewer', 'editor', 'admin', 'auditor'));--> statement-breakpoint
-- What was done to people and workspaces is written once (R5.5): by the application in the transaction of the act, and by nobody again.
CREATE FUNCTION events_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'events is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER events_refuse_rewrite BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_rewrite();
--> statement-breakpoint
-- Screens that show who belongs here look again; not whenever anybody signs in or out.
CREATE FUNCTION notify_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('meldesync_events', coalesce(NEW.workspace_id::text, ''));
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER notify_event AFTER INSERT ON events FOR EACH ROW
  WHEN (NEW.kind !~ '^(session-|sign-in|reauthenticat|password-changed|second-factor-)') EXECUTE FUNCTION notify_event();
--> statement-breakpoint
-- An account that is disabled or renamed, and an archived workspace, reach open sockets as a membership that is taken away.
CREATE FUNCTION notify_account() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('meldesync_access', NEW.id);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER notify_account AFTER UPDATE OF name, email, disabled_at, is_installation_admin ON auth."user"
  FOR EACH ROW EXECUTE FUNCTION notify_account();
--> statement-breakpoint
-- Who may open anything may depend on whether they have a second factor.
CREATE FUNCTION notify_second_factor() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('meldesync_access', coalesce(NEW.user_id, OLD.user_id));
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER notify_second_factor AFTER INSERT OR DELETE ON auth.passkey
  FOR EACH ROW EXECUTE FUNCTION notify_second_factor();
--> statement-breakpoint
CREATE TRIGGER notify_second_factor AFTER INSERT OR DELETE ON auth.two_factor
  FOR EACH ROW EXECUTE FUNCTION notify_second_factor();
--> statement-breakpoint
CREATE TRIGGER notify_archived AFTER UPDATE OF archived_at ON workspaces
  FOR EACH STATEMENT EXECUTE FUNCTION notify_access_of_all();
--> statement-breakpoint
-- The mode that each trigger must have, where it has another; MISSING where there is none. As in migration 0017, and those of people.
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
    ('auth.user', 'notify_account', 'A'), ('auth.passkey', 'notify_second_factor', 'A'), ('auth.two_factor', 'notify_second_factor', 'A')
  ) wanted (of, named, enabled)
  -- Not by a regclass, which only those may ask for who may look into the schema.
  LEFT JOIN (pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace)
    ON t.tgname = wanted.named AND c.relname = split_part('public.' || wanted.of, '.', -1)
    AND s.nspname = split_part('public.' || wanted.of, '.', -2)
  WHERE t.tgenabled IS DISTINCT FROM wanted.enabled::"char"
$$;
--> statement-breakpoint
-- What changes the meaning of statements on our tables, past all triggers; as in migration 0017, and `events`.
CREATE OR REPLACE FUNCTION meldesync_changed_tables() RETURNS TABLE (on_table text, what text) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH ours AS (
    SELECT oid, relname::text AS name, relrowsecurity FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname IN ('records', 'changes', 'conflicts', 'edit_operations', 'members', 'events')
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
SELECT meldesync_enable_triggers();
--> statement-breakpoint
REVOKE ALL ON events, invitations FROM meldesync_app;
--> statement-breakpoint
GRANT SELECT, INSERT ON events TO meldesync_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON invitations TO meldesync_app;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON account_links, auth.two_factor, auth.passkey, auth.device_code TO meldesync_app;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO meldesync_app;
--> statement-breakpoint
GRANT SELECT ON events, members TO meldesync_auditor;
--> statement-breakpoint
-- The demo of releases before, whose passwords everybody knows.
UPDATE auth."user" SET is_demo = true
  WHERE email IN ('admin@demo.example', 'team1@demo.example', 'team2@demo.example', 'lesen@demo.example');
--> statement-breakpoint
UPDATE workspaces w SET is_demo = true
  WHERE w.name = 'Humangenetik' AND EXISTS (
    SELECT FROM members m JOIN auth."user" u ON u.id = m.user_id WHERE m.workspace_id = w.id AND u.is_demo
  );
--> statement-breakpoint
-- What opens a session is in no table any more (`hashToken`): who is signed in stays so, with what they have.
UPDATE auth.session SET token = encode(sha256(convert_to(token, 'UTF8')), 'hex');
