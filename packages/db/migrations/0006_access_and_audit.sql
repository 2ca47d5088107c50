-- The owner passes over grants: neither an UPDATE nor a DELETE by hand takes from the audit trail by mistake (R5.5).
DROP TRIGGER changes_refuse_rewrite ON changes;
--> statement-breakpoint
CREATE TRIGGER changes_refuse_rewrite BEFORE UPDATE OR DELETE ON changes
  FOR EACH STATEMENT EXECUTE FUNCTION changes_refuse_rewrite();
--> statement-breakpoint
-- A session that is cut short must reach open sockets as one that is removed.
CREATE TRIGGER notify_access_shortened AFTER UPDATE OF expires_at ON auth.session
  FOR EACH ROW WHEN (NEW.expires_at < OLD.expires_at) EXECUTE FUNCTION notify_access();
