-- Files that are sent again under the operation id of their request are taken once. Expand: processes of the release before leave it out.
ALTER TABLE "imports" ADD COLUMN "operation" text;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "operation_part" integer;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "operation_digest" text;--> statement-breakpoint
CREATE UNIQUE INDEX "imports_operation" ON "imports" USING btree ("workspace_id","operation","operation_part") WHERE operation is not null;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_operation_form" CHECK (length(operation) between 8 and 64 and operation ~ '^[A-Za-z0-9_-]+$');--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_operation_whole" CHECK ((operation is null) = (operation_part is null) and (operation is null) = (operation_digest is null));
