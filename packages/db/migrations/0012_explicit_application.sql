-- An id that no client can read would keep a workspace from everybody. NOT VALID: a row from before neither stops this
-- migration nor is locked out of a restore.
ALTER TABLE "records" ADD CONSTRAINT "records_id" CHECK ("records"."id" between 1 and 9007199254740991) NOT VALID;--> statement-breakpoint
-- Who has been made a member of the application's role, directly or by way of another: what `pg_has_role` says of every
-- superuser is not meant.
CREATE FUNCTION meldesync_is_application() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE held AS (
    SELECT oid FROM pg_roles WHERE rolname = session_user
    UNION
    SELECT m.roleid FROM pg_auth_members m JOIN held ON m.member = held.oid
  )
  SELECT EXISTS (SELECT FROM held JOIN pg_roles r USING (oid) WHERE r.rolname = 'meldesync_app')
$$;
--> statement-breakpoint
-- Whether the settings are believed at all: the application writes, and says for which person. Everybody else is `db:<role>` by
-- `sql`, whatever they set: a right to write a column is none to sign as somebody. Without FROM, see migration 0011; the
-- question about members is asked only of a stranger who names a person.
CREATE OR REPLACE FUNCTION meldesync_names_person() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN public.meldesync_is_readable('actor', current_setting('meldesync.actor', true))
    THEN CASE WHEN session_user = 'meldesync_app' THEN true ELSE public.meldesync_is_application() END
    ELSE false
  END
$$;
