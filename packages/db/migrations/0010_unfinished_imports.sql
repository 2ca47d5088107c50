DROP INDEX "imports_status";--> statement-breakpoint
CREATE INDEX "imports_unfinished" ON "imports" USING btree ("workspace_id","created_at") WHERE status in ('queued', 'running');