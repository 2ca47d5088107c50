-- Without primary keys, which `pg_restore --clean` cannot drop of a partition: a dump must go back over a living database, too.
ALTER TABLE "events" DROP CONSTRAINT "events_id_at_pk";--> statement-breakpoint
ALTER TABLE "import_rows" DROP CONSTRAINT "import_rows_import_id_line_at_pk";--> statement-breakpoint
CREATE UNIQUE INDEX "events_id" ON "events" USING btree ("id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "import_rows_line" ON "import_rows" USING btree ("import_id","line","at");