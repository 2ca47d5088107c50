-- Expand: a relay of 0.3.0 leaves these columns alone, and null means that nothing is known.
ALTER TABLE "feed_state" ADD COLUMN "system_id" text;--> statement-breakpoint
ALTER TABLE "feed_state" ADD COLUMN "timeline" integer;--> statement-breakpoint
ALTER TABLE "feed_state" ADD COLUMN "token" bigint;
