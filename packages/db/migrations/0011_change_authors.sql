-- Any role can set a `meldesync.…`: what it says is believed only where it has the form that the application gives it, and
-- passed over otherwise, so that nobody's statement fails for it and nothing is recorded that cannot be read.
--
-- Without FROM in any of these functions, since triggers ask for each row: so Postgres puts them into the trigger's own
-- statement. And without counted repetitions in patterns, which cost more than writing the row.
CREATE FUNCTION meldesync_is_readable(name text, value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE name
    WHEN 'actor' THEN value LIKE 'user:_%' AND length(value) <= 200 AND value ~ '^[!-~]+$'
    WHEN 'via' THEN value IN ('web', 'cli', 'api', 'import')
    WHEN 'operation' THEN length(value) BETWEEN 8 AND 64 AND value ~ '^[A-Za-z0-9_-]+$'
    WHEN 'import' THEN value LIKE '________-____-____-____-____________'
      AND translate(value, '0123456789abcdef', '') = '----'
    WHEN 'traceparent' THEN value LIKE '__-________________________________-________________-__'
      AND translate(value, '0123456789abcdef', '') = '---'
  END
$$;
--> statement-breakpoint
-- Whether the settings are believed at all: whoever writes says which person that is. Whatever else is to be asked of them
-- is asked here.
CREATE FUNCTION meldesync_names_person() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT public.meldesync_is_readable('actor', current_setting('meldesync.actor', true))
$$;
--> statement-breakpoint
-- A setting by its name; null where it is not believed. Without a person a change is `db:<role>` by `sql`.
CREATE OR REPLACE FUNCTION meldesync_setting(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN public.meldesync_names_person()
      AND public.meldesync_is_readable(name, current_setting('meldesync.' || name, true))
    THEN current_setting('meldesync.' || name, true)
  END
$$;
--> statement-breakpoint
-- The same forms for whatever writes past the triggers. NOT VALID: they hold for every new row, and a row from before, which
-- the audit trail keeps as it is, neither stops this migration nor is locked out of a restore.
ALTER TABLE "changes" ADD CONSTRAINT "changes_op" CHECK (op in ('insert', 'update', 'delete')) NOT VALID;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_actor" CHECK (actor ~ '^(user|db):' and length(actor) <= 200) NOT VALID;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_via" CHECK (via in ('web', 'cli', 'api', 'import', 'sql')) NOT VALID;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_operation_form" CHECK (length(operation) between 8 and 64 and operation ~ '^[A-Za-z0-9_-]+$') NOT VALID;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_traceparent" CHECK (length(traceparent) = 55 and traceparent ~ '^[0-9a-f-]+$') NOT VALID;--> statement-breakpoint
ALTER TABLE "conflicts" ADD CONSTRAINT "conflicts_via" CHECK (via in ('web', 'cli', 'api')) NOT VALID;
