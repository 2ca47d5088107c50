-- A page of events for the archive takes what a page takes: joined as a whole, a plan made before Postgres knew how large the tables are
-- compared each event with each leaf. Else as in migration 0022.
CREATE OR REPLACE FUNCTION meldesync_events_to_cut(month date, above bigint, most integer) RETURNS TABLE (
  source text, id text, before jsonb, after jsonb, content text, header jsonb, salt text, leaf text, seal text, "position" integer
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH page AS MATERIALIZED (
    SELECT * FROM events e
    WHERE e.kind NOT IN ('retention-ran', 'case-erased', 'incarnation-began') AND e.id > above
      AND e.at >= date_trunc('month', month)::timestamp AT TIME ZONE 'UTC'
      AND e.at < least((date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'UTC', meldesync_cut_floor(30))
    ORDER BY e.id LIMIT most
  )
  SELECT 'e', e.id::text, e.before, e.after,
    encode(coalesce(l.content, sha256(l.salt || meldesync_entry_content(e.before, e.after))), 'hex'),
    jsonb_build_object('txid', e.txid, 'at', meldesync_micros(e.at), 'workspace_id', e.workspace_id, 'kind', e.kind, 'actor', e.actor,
      'session_id', e.session_id, 'address', e.address, 'subject', e.subject),
    encode(l.salt, 'hex'), encode(l.leaf, 'hex'), l.seal::text, l.position
  FROM page e CROSS JOIN LATERAL (SELECT * FROM audit_leaves o WHERE o.source = 'e' AND o.entry = e.id LIMIT 1) l
  ORDER BY e.id
$$;
--> statement-breakpoint
-- What the events of a run tell of what it has cut so far, kind by kind: of a run that was begun again, also what went before.
CREATE FUNCTION meldesync_told_cuts(run bigint) RETURNS TABLE (kind text, count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT e.after ->> 'of', sum((e.after ->> 'count')::bigint)::bigint FROM events e
  WHERE e.subject = 'retention:' || run AND e.kind = 'retention-ran' GROUP BY 1
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION meldesync_told_cuts(bigint) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_told_cuts(bigint) TO meldesync_worker;
