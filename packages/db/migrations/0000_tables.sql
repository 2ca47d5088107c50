CREATE SCHEMA "auth";
--> statement-breakpoint
CREATE TABLE "auth"."account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth"."session" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "auth"."user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "auth"."verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"txid" text DEFAULT pg_current_xact_id()::text NOT NULL,
	"workspace_id" uuid NOT NULL,
	"record_id" bigint NOT NULL,
	"version" integer NOT NULL,
	"op" text NOT NULL,
	"before" jsonb NOT NULL,
	"after" jsonb NOT NULL,
	"actor" text NOT NULL,
	"via" text NOT NULL,
	"operation" text,
	"import_id" uuid,
	"traceparent" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "edit_operations" (
	"workspace_id" uuid NOT NULL,
	"operation" text NOT NULL,
	"user_id" text NOT NULL,
	"items" jsonb NOT NULL,
	"outcomes" jsonb,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "edit_operations_workspace_id_operation_pk" PRIMARY KEY("workspace_id","operation")
);
--> statement-breakpoint
CREATE TABLE "feed_positions" (
	"workspace_id" uuid PRIMARY KEY NOT NULL,
	"position" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feed_state" (
	"single" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"epoch" text NOT NULL,
	"confirmed_lsn" text NOT NULL,
	CONSTRAINT "feed_state_single" CHECK ("feed_state"."single")
);
--> statement-breakpoint
CREATE TABLE "import_chunks" (
	"import_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "import_chunks_import_id_position_pk" PRIMARY KEY("import_id","position")
);
--> statement-breakpoint
CREATE TABLE "import_rows" (
	"import_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"outcome" text NOT NULL,
	"vorgangsnummer" text,
	"findings" jsonb NOT NULL,
	CONSTRAINT "import_rows_import_id_line_pk" PRIMARY KEY("import_id","line")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" uuid NOT NULL,
	"filename" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"rows_new" integer DEFAULT 0 NOT NULL,
	"rows_updated" integer DEFAULT 0 NOT NULL,
	"rows_unchanged" integer DEFAULT 0 NOT NULL,
	"rows_rejected" integer DEFAULT 0 NOT NULL,
	"rows_warned" integer DEFAULT 0 NOT NULL,
	"rows_total" integer,
	"committed_line" integer DEFAULT 0 NOT NULL,
	"error" jsonb,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "records" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "records_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" uuid NOT NULL,
	"vorgangsnummer" text NOT NULL,
	"ibe" text NOT NULL,
	"case_id" text,
	"done" boolean DEFAULT false NOT NULL,
	"assignee" text,
	"note" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_by" text DEFAULT '' NOT NULL,
	"code" text GENERATED ALWAYS AS (split_part(split_part(ibe, '+', 3), '&', 1)) STORED,
	"leistungsdatum" date GENERATED ALWAYS AS (make_date(substr(split_part(split_part(ibe, '+', 3), '&', 2), 1, 4)::int, substr(split_part(split_part(ibe, '+', 3), '&', 2), 5, 2)::int, substr(split_part(split_part(ibe, '+', 3), '&', 2), 7, 2)::int)) STORED,
	"leistungserbringer_id" text GENERATED ALWAYS AS (split_part(split_part(ibe, '+', 3), '&', 3)) STORED,
	"datenknoten_id" text GENERATED ALWAYS AS (split_part(split_part(ibe, '+', 3), '&', 4)) STORED,
	"typ" smallint GENERATED ALWAYS AS ((split_part(split_part(ibe, '+', 3), '&', 5))::smallint) STORED,
	"indikation" text GENERATED ALWAYS AS (split_part(split_part(ibe, '+', 3), '&', 6)) STORED,
	"art_der_daten" text GENERATED ALWAYS AS (split_part(split_part(ibe, '+', 3), '&', 9)) STORED,
	"art_der_sequenzierung" smallint GENERATED ALWAYS AS ((split_part(split_part(ibe, '+', 3), '&', 10))::smallint) STORED,
	"qualitaetskontrolle" smallint GENERATED ALWAYS AS ((split_part(split_part(ibe, '+', 3), '&', 11))::smallint) STORED,
	CONSTRAINT "records_vorgangsnummer" CHECK ("records"."vorgangsnummer" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "records_ibe" CHECK ("records"."ibe" ~ '^IBE\+[0-9A-Za-z]{10}\+[0-9A-Za-z&]{56}\+[0-9]\+[0-9a-f]{64}$'),
	CONSTRAINT "records_limits" CHECK (length(case_id) <= 64 and length(assignee) <= 64 and length(note) <= 2000)
);
--> statement-breakpoint
CREATE TABLE "members" (
	"workspace_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_workspace_id_user_id_pk" PRIMARY KEY("workspace_id","user_id"),
	CONSTRAINT "members_role" CHECK ("members"."role" in ('viewer', 'editor', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "auth"."account" ADD CONSTRAINT "account_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "auth"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "auth"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edit_operations" ADD CONSTRAINT "edit_operations_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_positions" ADD CONSTRAINT "feed_positions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_chunks" ADD CONSTRAINT "import_chunks_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_created_by_user_id_fk" FOREIGN KEY ("created_by") REFERENCES "auth"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "records" ADD CONSTRAINT "records_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "auth"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_user" ON "auth"."account" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "session_user" ON "auth"."session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verification_identifier" ON "auth"."verification" USING btree ("identifier");--> statement-breakpoint
CREATE UNIQUE INDEX "changes_record_version" ON "changes" USING btree ("record_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "changes_operation" ON "changes" USING btree ("workspace_id","operation","record_id") WHERE operation is not null;--> statement-breakpoint
CREATE INDEX "changes_import" ON "changes" USING btree ("import_id") WHERE import_id is not null;--> statement-breakpoint
CREATE INDEX "changes_workspace" ON "changes" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "imports_workspace" ON "imports" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "imports_status" ON "imports" USING btree ("status","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "records_natural_key" ON "records" USING btree ("workspace_id","vorgangsnummer");--> statement-breakpoint
CREATE INDEX "records_workspace" ON "records" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "records_case" ON "records" USING btree ("workspace_id","case_id") WHERE case_id is not null;--> statement-breakpoint
CREATE INDEX "members_user" ON "members" USING btree ("user_id");