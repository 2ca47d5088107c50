-- An import goes on in workers, whichever take it up: its batches belong to the trace of its upload.
ALTER TABLE "imports" ADD COLUMN "traceparent" text;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_traceparent" CHECK (length(traceparent) = 55 and traceparent ~ '^[0-9a-f-]+$');