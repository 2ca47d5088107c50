-- An import whose person may not import any more pauses, and an administrator goes on with it. Expand: processes of the release before leave one that
-- is paused alone.
ALTER TABLE "imports" ADD COLUMN "continued_by" text;--> statement-breakpoint
-- Whether somebody may edit in a workspace now. For who imports in the name of a person, and knows nothing of people else.
CREATE FUNCTION meldesync_may_edit(in_workspace uuid, person text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM members m
    JOIN workspaces w ON w.id = m.workspace_id AND w.archived_at IS NULL
    JOIN auth."user" u ON u.id = m.user_id AND u.disabled_at IS NULL
    WHERE m.workspace_id = in_workspace AND m.user_id = person AND m.role IN ('editor', 'admin')
      AND m.suspended_at IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
  )
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION meldesync_may_edit(uuid, text) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_may_edit(uuid, text) TO meldesync_worker;
