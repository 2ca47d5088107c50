-- Ids of events that are drawn before their event is written are drawn under the lock of who writes one: a seal waits for that lock, and went past
-- the event of an erasure, which then stayed unsealed. Else as in migration 0022.
CREATE OR REPLACE FUNCTION meldesync_cut_changes(run bigint, entries bigint[], archive text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  of_event bigint;
  marked record;
  of_records bigint[];
  gone bigint;
  oldest timestamptz;
  newest timestamptz;
BEGIN
  SELECT array_agg(DISTINCT c.record_id), min(c.at), max(c.at) INTO of_records, oldest, newest FROM changes c WHERE c.id = ANY (entries);
  IF EXISTS (
    SELECT FROM unnest(of_records) one
    WHERE EXISTS (SELECT FROM records r WHERE r.id = one)
      OR (SELECT c.op <> 'delete' OR c.at >= meldesync_cut_floor(30) FROM changes c WHERE c.record_id = one ORDER BY c.version DESC LIMIT 1)
  ) THEN
    RAISE EXCEPTION 'a record of these changes is there, or was until lately' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  -- Held until the transaction ends, so that no seal goes past an id that was drawn and is not there yet.
  LOCK TABLE events IN ROW EXCLUSIVE MODE;
  of_event := nextval('events_id_seq');
  marked := meldesync_cut_leaves(of_event, entries, '{}', false);
  INSERT INTO gone_records (record_id, version)
  SELECT c.record_id, max(c.version) FROM changes c WHERE c.record_id = ANY (of_records) GROUP BY c.record_id
  ON CONFLICT (record_id) DO UPDATE SET version = greatest(gone_records.version, excluded.version);
  PERFORM set_config('meldesync.cut', 'on', true);
  DELETE FROM changes WHERE id = ANY (entries);
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('meldesync.cut', '', true);
  IF gone <> marked.count OR gone <> cardinality(entries) THEN
    RAISE EXCEPTION 'of % changes % are there and % can be proved without them', cardinality(entries), gone, marked.count
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF EXISTS (
    SELECT FROM unnest(of_records) one
    WHERE (SELECT c.op <> 'delete' FROM changes c WHERE c.record_id = one ORDER BY c.version DESC LIMIT 1)
  ) THEN
    RAISE EXCEPTION 'the last change of a record goes last' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  PERFORM meldesync_tell_cut(run, of_event, jsonb_build_object('of', 'changes', 'count', gone,
    'leaves', jsonb_build_object('count', marked.count, 'root', encode(marked.root, 'hex')), 'oldest', oldest, 'newest', newest, 'archive', archive));
  RETURN gone;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_cut_events(run bigint, month date, expected bigint, archive text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  of_event bigint;
  named text := to_char(month, '"events_"YYYY"_"MM');
  starts timestamptz := date_trunc('month', month)::timestamp AT TIME ZONE 'UTC';
  ends timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'UTC';
  kept events[];
  entries bigint[];
  marked record;
BEGIN
  IF ends >= meldesync_cut_floor(30) OR to_regclass('public.' || named) IS NULL THEN
    RAISE EXCEPTION 'no month of events that may go' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT array_agg(e) FILTER (WHERE stays), array_agg((e).id) FILTER (WHERE NOT stays) INTO kept, entries
  FROM (
    SELECT one, one.kind IN ('retention-ran', 'case-erased', 'incarnation-began') FROM events one WHERE one.at >= starts AND one.at < ends
  ) found (e, stays);
  -- Held until the transaction ends, so that no seal goes past an id that was drawn and is not there yet.
  LOCK TABLE events IN ROW EXCLUSIVE MODE;
  of_event := nextval('events_id_seq');
  marked := meldesync_cut_leaves(of_event, '{}', coalesce(entries, '{}'), false);
  IF marked.count <> coalesce(cardinality(entries), 0) OR marked.count <> expected THEN
    RAISE EXCEPTION 'of % events % can be proved without them', cardinality(entries), marked.count
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF marked.count = 0 THEN
    RETURN 0;
  END IF;
  EXECUTE format('DROP TABLE %I', named);
  IF kept IS NOT NULL THEN
    PERFORM meldesync_events_partitions(starts);
    INSERT INTO events OVERRIDING SYSTEM VALUE SELECT (k).* FROM unnest(kept) k;
  END IF;
  PERFORM meldesync_tell_cut(run, of_event, jsonb_build_object('of', 'events', 'count', marked.count,
    'leaves', jsonb_build_object('count', marked.count, 'root', encode(marked.root, 'hex')), 'month', to_char(month, 'YYYY-MM'), 'archive', archive));
  RETURN marked.count;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_erase_case(in_workspace uuid, of_case text, by_actor text, by_session text, from_address text, why text)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  of_event bigint;
  of_erasure uuid := gen_random_uuid();
  with_salt bytea := sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));
  living bigint[];
  gone bigint[];
  whole bigint[];
  names text[];
  pattern text;
  in_json text := trim(both '"' from to_jsonb(of_case)::text);
  said bigint[];
  mentioned bigint[];
  telling bigint[];
  marked record;
  told jsonb;
  waiting record;
  bytes bytea;
  n_records bigint; n_notes bigint; n_changes bigint; n_events bigint; n_conflicts bigint; n_operations bigint; n_rows bigint; n_files bigint := 0; n_names bigint;
BEGIN
  -- One after the other, and none while a seal is made of what it takes away.
  PERFORM pg_advisory_xact_lock(4839210567342);
  FOR step IN 1..1000 LOOP
    EXIT WHEN coalesce((SELECT s.sealed FROM meldesync_seal() s), 0) = 0;
  END LOOP;
  -- Behind the seals of this transaction, and held until it ends, so that none goes past an id that was drawn and is not there yet.
  LOCK TABLE events IN ROW EXCLUSIVE MODE;
  of_event := nextval('events_id_seq');
  SELECT array_agg(r.id) INTO living FROM (
    SELECT id FROM records WHERE workspace_id = in_workspace AND case_id = of_case ORDER BY id FOR UPDATE
  ) r;
  -- Those that were in it when they were deleted.
  SELECT array_agg(d.record_id) INTO gone FROM changes d
  WHERE d.workspace_id = in_workspace AND d.op = 'delete' AND d.before ->> 'caseId' = of_case
    AND NOT EXISTS (SELECT FROM changes n WHERE n.record_id = d.record_id AND n.version > d.version)
    AND NOT EXISTS (SELECT FROM records r WHERE r.id = d.record_id);
  whole := coalesce(living, '{}') || coalesce(gone, '{}');
  SELECT array_agg(DISTINCT number) INTO names FROM (
    SELECT vorgangsnummer AS number FROM records WHERE id = ANY (whole)
    UNION SELECT c.before ->> 'vorgangsnummer' FROM changes c WHERE c.record_id = ANY (whole)
    UNION SELECT c.after ->> 'vorgangsnummer' FROM changes c WHERE c.record_id = ANY (whole)
  ) known WHERE number IS NOT NULL;
  names := coalesce(names, '{}');
  pattern := '(^|[^[:alnum:]_-])(' || regexp_replace(of_case, '([^[:alnum:]_])', '\\\1', 'g')
    || (SELECT coalesce(string_agg('|' || number, ''), '') FROM unnest(names) number) || ')($|[^[:alnum:]_-])';
  IF why ~ pattern THEN
    RAISE EXCEPTION 'the reason names the case' USING ERRCODE = 'MS001';
  END IF;

  -- Screens are told of both as of every change.
  UPDATE records SET note = meldesync_without(note, pattern), assignee = meldesync_without(assignee, pattern)
  WHERE workspace_id = in_workspace AND id <> ALL (whole) AND (note ~ pattern OR assignee ~ pattern);
  GET DIAGNOSTICS n_notes = ROW_COUNT;
  DELETE FROM records WHERE id = ANY (whole);
  GET DIAGNOSTICS n_records = ROW_COUNT;

  PERFORM set_config('meldesync.cut', 'on', true);
  SELECT coalesce(array_agg(c.id), '{}') INTO said FROM changes c WHERE c.record_id = ANY (whole);
  SELECT coalesce(array_agg(c.id), '{}') INTO mentioned FROM changes c
  WHERE c.workspace_id = in_workspace AND c.record_id <> ALL (whole) AND (
    position(in_json IN c.before::text) > 0 OR position(in_json IN c.after::text) > 0
    OR EXISTS (SELECT FROM unnest(names) number WHERE position(number IN c.before::text) > 0 OR position(number IN c.after::text) > 0)
  ) AND EXISTS (
    SELECT FROM (SELECT value FROM jsonb_each_text(c.before) UNION ALL SELECT value FROM jsonb_each_text(c.after)) text WHERE value ~ pattern
  );
  SELECT coalesce(array_agg(e.id), '{}') INTO telling FROM events e
  WHERE e.workspace_id = in_workspace AND (e.before::text ~ pattern OR e.after::text ~ pattern)
    -- What those tell proves what is gone.
    AND e.kind NOT IN ('retention-ran', 'case-erased');
  marked := meldesync_cut_leaves(of_event, said || mentioned, telling, true);
  n_changes := cardinality(said) + cardinality(mentioned);
  n_events := cardinality(telling);
  UPDATE changes SET before = '{}', after = '{}', digest = NULL WHERE id = ANY (said);
  -- Of what is sealed nothing is left that could not be proved; by the digest of the newest the record itself is compared.
  UPDATE changes c SET before = '{}', after = '{}',
    digest = CASE WHEN NOT EXISTS (SELECT FROM changes n WHERE n.record_id = c.record_id AND n.version > c.version) THEN c.digest END
  FROM audit_leaves l WHERE c.id = ANY (mentioned) AND l.source = 'c' AND l.entry = c.id;
  UPDATE changes c SET before = meldesync_redacted(c.before, pattern), after = meldesync_redacted(c.after, pattern)
  WHERE c.id = ANY (mentioned) AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.source = 'c' AND l.entry = c.id);
  UPDATE events e SET before = '{}', after = '{}' FROM audit_leaves l WHERE e.id = ANY (telling) AND l.source = 'e' AND l.entry = e.id;
  UPDATE events e SET before = meldesync_without(e.before::text, pattern)::jsonb, after = meldesync_without(e.after::text, pattern)::jsonb
  WHERE e.id = ANY (telling) AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.source = 'e' AND l.entry = e.id);

  UPDATE conflicts SET fields = '[]',
    resolution = coalesce(resolution, 'dropped'), resolved_by = coalesce(resolved_by, regexp_replace(by_actor, '^user:', '')), resolved_at = coalesce(resolved_at, clock_timestamp())
  WHERE workspace_id = in_workspace AND (record_id = ANY (whole) OR fields::text ~ pattern);
  GET DIAGNOSTICS n_conflicts = ROW_COUNT;
  PERFORM set_config('meldesync.cut', '', true);

  -- Whoever tries one again is told that its id was used.
  UPDATE edit_operations o SET items = '[]', outcomes = '[]'
  WHERE o.workspace_id = in_workspace AND (o.items::text ~ pattern OR o.outcomes::text ~ pattern
    OR EXISTS (SELECT FROM jsonb_array_elements(o.items) item WHERE (item ->> 'record')::bigint = ANY (whole)));
  GET DIAGNOSTICS n_operations = ROW_COUNT;
  DELETE FROM import_rows r USING imports i
  WHERE i.id = r.import_id AND i.workspace_id = in_workspace AND (lower(r.vorgangsnummer) = ANY (names) OR r.findings::text ~ pattern);
  GET DIAGNOSTICS n_rows = ROW_COUNT;
  -- A file that waits would bring it back.
  FOR waiting IN SELECT id FROM imports WHERE workspace_id = in_workspace AND status IN ('queued', 'running') ORDER BY id FOR UPDATE LOOP
    SELECT string_agg(c.bytes, ''::bytea ORDER BY c.position) INTO bytes FROM import_chunks c WHERE c.import_id = waiting.id;
    IF position(convert_to(of_case, 'UTF8') IN bytes) > 0 OR EXISTS (
      SELECT FROM unnest(names) number
      WHERE position(convert_to(number, 'UTF8') IN bytes) > 0 OR position(convert_to(upper(number), 'UTF8') IN bytes) > 0
    ) THEN
      UPDATE imports SET status = 'cancelled', cancelled_by = regexp_replace(by_actor, '^user:', ''), finished_at = clock_timestamp() WHERE id = waiting.id;
      DELETE FROM import_chunks WHERE import_id = waiting.id;
      n_files := n_files + 1;
    END IF;
  END LOOP;
  UPDATE imports SET filename = meldesync_without(filename, pattern) WHERE workspace_id = in_workspace AND filename ~ pattern;
  GET DIAGNOSTICS n_names = ROW_COUNT;

  told := jsonb_build_object('records', n_records, 'notes', n_notes, 'changes', n_changes, 'events', n_events, 'conflicts', n_conflicts,
    'operations', n_operations, 'importRows', n_rows, 'importFiles', n_files, 'importNames', n_names);
  INSERT INTO events (id, kind, actor, session_id, address, workspace_id, subject, after) OVERRIDING SYSTEM VALUE
  VALUES (of_event, 'case-erased', by_actor, by_session, from_address, in_workspace, 'erasure:' || of_erasure,
    told || jsonb_build_object('reason', why, 'leaves', jsonb_build_object('count', marked.count, 'root', encode(marked.root, 'hex'))));
  INSERT INTO erasures (id, workspace_id, event, records, log_end, salt, hashes)
  VALUES (of_erasure, in_workspace, of_event, whole, (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text, with_salt,
    (SELECT array_agg(sha256(with_salt || convert_to(name, 'UTF8'))) FROM unnest(names || of_case) name));
  RETURN told || jsonb_build_object('id', of_erasure, 'event', of_event);
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_cut_import_rows(run bigint, month date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  named text := to_char(month, '"import_rows_"YYYY"_"MM');
  gone bigint;
BEGIN
  IF (date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'UTC' >= meldesync_cut_floor(30) OR to_regclass('public.' || named) IS NULL THEN
    RAISE EXCEPTION 'no month of rows that may go' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  EXECUTE format('SELECT count(*) FROM %I', named) INTO gone;
  EXECUTE format('DROP TABLE %I', named);
  IF gone > 0 THEN
    LOCK TABLE events IN ROW EXCLUSIVE MODE;
    PERFORM meldesync_tell_cut(run, nextval('events_id_seq'), jsonb_build_object('of', 'import-rows', 'count', gone, 'month', to_char(month, 'YYYY-MM')));
  END IF;
  RETURN gone;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_cut_operations(run bigint, before timestamptz, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM edit_operations o USING (
    SELECT workspace_id, operation FROM edit_operations
    WHERE at < least(before, meldesync_cut_floor(8)) AND outcomes IS NOT NULL ORDER BY at LIMIT most FOR UPDATE SKIP LOCKED
  ) old WHERE o.workspace_id = old.workspace_id AND o.operation = old.operation;
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone > 0 THEN
    LOCK TABLE events IN ROW EXCLUSIVE MODE;
    PERFORM meldesync_tell_cut(run, nextval('events_id_seq'), jsonb_build_object('of', 'operations', 'count', gone, 'before', before));
  END IF;
  RETURN gone;
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_cut_conflicts(run bigint, before timestamptz, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM conflicts c USING (
    SELECT old.id FROM conflicts old
    WHERE old.at < least(before, meldesync_cut_floor(30)) AND old.resolution IS NOT NULL
      AND NOT EXISTS (SELECT FROM conflicts o WHERE o.superseded_by = old.id AND NOT (o.at < least(before, meldesync_cut_floor(30)) AND o.at <= old.at))
    ORDER BY old.at, old.id LIMIT most
  ) old WHERE c.id = old.id;
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone > 0 THEN
    LOCK TABLE events IN ROW EXCLUSIVE MODE;
    PERFORM meldesync_tell_cut(run, nextval('events_id_seq'), jsonb_build_object('of', 'conflicts', 'count', gone, 'before', before));
  END IF;
  RETURN gone;
END
$$;
