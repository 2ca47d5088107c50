-- A conflict is part of the audit trail (R5.2, R5.5): what happened never changes, and it is settled once. The owner
-- passes over grants; the triggers keep a statement by hand from rewriting it by mistake.
CREATE FUNCTION conflicts_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.resolution IS NOT NULL THEN
    RAISE EXCEPTION 'conflict % is settled', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.id, NEW.workspace_id, NEW.record_id, NEW.user_id, NEW.via, NEW.operation, NEW.base_version,
      NEW.current_version, NEW.fields, NEW.overlapping, NEW.at)
     IS DISTINCT FROM
     (OLD.id, OLD.workspace_id, OLD.record_id, OLD.user_id, OLD.via, OLD.operation, OLD.base_version,
      OLD.current_version, OLD.fields, OLD.overlapping, OLD.at) THEN
    RAISE EXCEPTION 'only the resolution of a conflict is set' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER conflicts_refuse_rewrite BEFORE UPDATE ON conflicts
  FOR EACH ROW EXECUTE FUNCTION conflicts_refuse_rewrite();
--> statement-breakpoint
CREATE TRIGGER conflicts_refuse_truncate BEFORE TRUNCATE ON conflicts
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_truncate();
--> statement-breakpoint
REVOKE UPDATE, DELETE ON conflicts FROM meldesync_app;
--> statement-breakpoint
GRANT UPDATE (resolution, resolved_by, resolved_at, resolved_operation, superseded_by) ON conflicts TO meldesync_app;
