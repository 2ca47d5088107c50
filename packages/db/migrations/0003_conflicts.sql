CREATE TABLE "conflicts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"record_id" bigint NOT NULL,
	"user_id" text NOT NULL,
	"via" text NOT NULL,
	"operation" text NOT NULL,
	"base_version" integer NOT NULL,
	"current_version" integer NOT NULL,
	"fields" jsonb NOT NULL,
	"overlapping" boolean NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"resolution" text,
	"resolved_by" text,
	"resolved_at" timestamp with time zone,
	"resolved_operation" text,
	"superseded_by" uuid,
	CONSTRAINT "conflicts_resolution" CHECK (num_nulls(resolution, resolved_by, resolved_at) in (0, 3)
        and (resolution is not null or resolved_operation is null)
        and (superseded_by is not null) = (resolution is not distinct from 'superseded')),
	CONSTRAINT "conflicts_resolutions" CHECK (resolution in ('kept-theirs', 'reapplied', 'merged', 'dropped', 'superseded'))
);
--> statement-breakpoint
ALTER TABLE "conflicts" ADD CONSTRAINT "conflicts_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conflicts" ADD CONSTRAINT "conflicts_superseded_by_conflicts_id_fk" FOREIGN KEY ("superseded_by") REFERENCES "public"."conflicts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conflicts_workspace" ON "conflicts" USING btree ("workspace_id","at","id");--> statement-breakpoint
CREATE INDEX "conflicts_user" ON "conflicts" USING btree ("workspace_id","user_id","at","id");--> statement-breakpoint
CREATE INDEX "conflicts_record" ON "conflicts" USING btree ("record_id","at");