CREATE INDEX "changes_workspace_at" ON "changes" USING btree ("workspace_id","at","id");--> statement-breakpoint
CREATE INDEX "changes_case_before" ON "changes" USING btree ((before ->> 'caseId')) WHERE before ->> 'caseId' is not null;--> statement-breakpoint
CREATE INDEX "events_workspace_at" ON "events" USING btree ("workspace_id","at","id");--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "events_records" ON "events" USING gin ((coalesce(after -> 'records', before -> 'records')) jsonb_path_ops) WHERE coalesce(after -> 'records', before -> 'records') is not null;