-- What goes after its time, and what is erased on request (R5.5). Expand: nothing that a release before names is taken away.
ALTER TABLE import_rows RENAME TO import_rows_before;
--> statement-breakpoint
CREATE TABLE "import_rows" (
	"import_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"outcome" text NOT NULL,
	"vorgangsnummer" text,
	"findings" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "import_rows_import_id_line_at_pk" PRIMARY KEY("import_id","line","at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE import_rows_default PARTITION OF import_rows DEFAULT;
--> statement-breakpoint
-- Makes the partitions of all months from that of a moment to so many after this one that are not there; how many it made.
CREATE FUNCTION meldesync_import_rows_partitions(since timestamptz, ahead integer DEFAULT 2) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  starts date;
  named text;
  made integer := 0;
BEGIN
  FOR starts IN
    SELECT generate_series(date_trunc('month', since AT TIME ZONE 'UTC'), date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead), '1 month')
  LOOP
    named := to_char(starts, '"import_rows_"YYYY"_"MM');
    CONTINUE WHEN to_regclass('public.' || named) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I PARTITION OF import_rows FOR VALUES FROM (%L) TO (%L)', named,
      starts::timestamp AT TIME ZONE 'UTC', (starts + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('REVOKE ALL ON %I FROM meldesync_app', named);
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;
--> statement-breakpoint
SELECT meldesync_import_rows_partitions(coalesce((SELECT min(i.created_at) FROM imports i JOIN import_rows_before r ON r.import_id = i.id), now()));
--> statement-breakpoint
INSERT INTO import_rows (import_id, line, outcome, vorgangsnummer, findings, at)
  SELECT r.import_id, r.line, r.outcome, r.vorgangsnummer, r.findings, i.created_at
  FROM import_rows_before r JOIN imports i ON i.id = r.import_id;
--> statement-breakpoint
DROP TABLE import_rows_before;
--> statement-breakpoint
REVOKE ALL ON import_rows, import_rows_default FROM meldesync_app;
--> statement-breakpoint
GRANT SELECT, INSERT ON import_rows TO meldesync_app, meldesync_worker;
--> statement-breakpoint
GRANT SELECT ON import_rows TO meldesync_auditor;
--> statement-breakpoint
CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" uuid NOT NULL,
	"event" bigint NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"records" bigint[] NOT NULL,
	"log_end" text NOT NULL,
	"salt" "bytea",
	"hashes" bytea[],
	"streams_done_at" timestamp with time zone,
	"archives_done_at" timestamp with time zone,
	CONSTRAINT "erasures_salt" CHECK ((salt is null) = (hashes is null))
);
--> statement-breakpoint
CREATE TABLE "gone_records" (
	"record_id" bigint PRIMARY KEY NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "retention_runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "retention_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"asked_by" text NOT NULL,
	"is_dry_run" boolean NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"report" jsonb,
	"failure" text,
	CONSTRAINT "retention_runs_asked_by" CHECK (length(asked_by) between 1 and 200)
);
--> statement-breakpoint
CREATE INDEX "retention_runs_asked" ON "retention_runs" USING btree ("id") WHERE finished_at is null;
--> statement-breakpoint
CREATE INDEX "changes_deleted" ON "changes" USING btree ("at") WHERE op = 'delete';
--> statement-breakpoint
CREATE INDEX "conflicts_superseded" ON "conflicts" USING btree ("superseded_by") WHERE superseded_by is not null;
--> statement-breakpoint
CREATE INDEX "edit_operations_at" ON "edit_operations" USING btree ("at");
--> statement-breakpoint
REVOKE ALL ON erasures, gone_records, retention_runs FROM meldesync_app;
--> statement-breakpoint
GRANT SELECT ON erasures TO meldesync_app, meldesync_worker, meldesync_auditor;
--> statement-breakpoint
GRANT UPDATE (salt, hashes, streams_done_at, archives_done_at) ON erasures TO meldesync_app, meldesync_worker;
--> statement-breakpoint
GRANT SELECT, INSERT ON retention_runs TO meldesync_app, meldesync_worker;
--> statement-breakpoint
GRANT UPDATE (started_at, finished_at, report, failure) ON retention_runs TO meldesync_app, meldesync_worker;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE retention_runs_id_seq TO meldesync_app, meldesync_worker;
--> statement-breakpoint
GRANT SELECT ON retention_runs TO meldesync_auditor;
--> statement-breakpoint
-- What a worker archives changes with before it lets go of them, and up to where streams of Redis are filled.
GRANT SELECT ON audit_leaves, feed_state TO meldesync_worker;
--> statement-breakpoint
-- Whether the functions below are at work: every role can set the word, which is believed of the owner alone. What is not told of in an
-- event that names it is found by the seals.
CREATE FUNCTION meldesync_is_cutting() RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN current_setting('meldesync.cut', true) = 'on' THEN public.meldesync_is_owner() ELSE false END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION changes_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF public.meldesync_is_cutting() THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'changes is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION events_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND public.meldesync_is_cutting() THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'events is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
-- A conflict's values go with what they are of; that it was there, whose it was and how it ended stays.
CREATE OR REPLACE FUNCTION conflicts_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF public.meldesync_is_cutting() THEN
    RETURN NEW;
  END IF;
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
-- As in migration 0013, and of a record whose history is gone.
CREATE OR REPLACE FUNCTION meldesync_next_version(record bigint) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT coalesce(
    (SELECT CASE op WHEN 'delete' THEN version + 1 ELSE version + 2 END
      FROM changes WHERE record_id = record ORDER BY version DESC LIMIT 1),
    (SELECT version + 1 FROM gone_records WHERE record_id = record),
    1)
$$;
--> statement-breakpoint
-- Takes the salts of entries away, keeps what is proved without them, and notes which event tells of it: how many there were, and the root
-- over their leaves in the order of the seals. Entries of which an event tells already stay with that one. Before the content goes.
CREATE FUNCTION meldesync_cut_leaves(by_event bigint, of_changes bigint[], of_events bigint[], is_erasure boolean, OUT count bigint, OUT root bytea)
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  leaves bytea[];
BEGIN
  WITH marked AS (
    UPDATE audit_leaves l SET content = coalesce(l.content, gone.commitment), salt = NULL,
      erased = CASE WHEN is_erasure THEN by_event ELSE l.erased END, cut = CASE WHEN is_erasure THEN l.cut ELSE by_event END
    FROM (
      SELECT o.source, o.entry, sha256(o.salt || meldesync_entry_content(c.before, c.after)) AS commitment
      FROM unnest(of_changes) one JOIN changes c ON c.id = one JOIN audit_leaves o ON o.source = 'c' AND o.entry = one
      UNION ALL
      SELECT o.source, o.entry, sha256(o.salt || meldesync_entry_content(e.before, e.after))
      FROM unnest(of_events) one JOIN events e ON e.id = one JOIN audit_leaves o ON o.source = 'e' AND o.entry = one
    ) gone
    WHERE l.source = gone.source AND l.entry = gone.entry AND CASE WHEN is_erasure THEN l.erased ELSE l.cut END IS NULL
    RETURNING l.seal, l.position, l.leaf
  )
  SELECT array_agg(m.leaf ORDER BY m.seal, m.position) INTO leaves FROM marked m;
  count := coalesce(cardinality(leaves), 0);
  root := meldesync_tree_root(coalesce(leaves, '{}'));
END
$$;
--> statement-breakpoint
-- Writes the event of a run's cut. Its id may have been given out before, for what names it.
CREATE FUNCTION meldesync_tell_cut(run bigint, of_event bigint, what jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO events (id, kind, actor, subject, after) OVERRIDING SYSTEM VALUE
  SELECT of_event, 'retention-ran', r.asked_by, 'retention:' || r.id, what
  FROM retention_runs r WHERE r.id = run AND r.started_at IS NOT NULL AND r.finished_at IS NULL AND NOT r.is_dry_run;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'run % of retention is not under way', run USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
END
$$;
--> statement-breakpoint
-- What may go at the earliest, whatever a program asks for: nobody takes away what was just done.
CREATE FUNCTION meldesync_cut_floor(days integer) RETURNS timestamptz LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT now() - make_interval(days => days)
$$;
--> statement-breakpoint
-- Takes away changes of records that were deleted long ago. All of them are sealed, and of each record the last goes last: else nothing goes.
CREATE FUNCTION meldesync_cut_changes(run bigint, entries bigint[], archive text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  of_event bigint := nextval('events_id_seq');
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
-- Lets go of a month of events at once, but for those that tell of what is gone: they are put into a partition anew. Waits
-- for a moment only, since everybody who writes an event would wait behind it.
CREATE FUNCTION meldesync_cut_events(run bigint, month date, expected bigint, archive text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  of_event bigint := nextval('events_id_seq');
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
-- Lets go of the rows that imports of a month had something to say of; the imports stay, with their counts.
CREATE FUNCTION meldesync_cut_import_rows(run bigint, month date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
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
    PERFORM meldesync_tell_cut(run, nextval('events_id_seq'), jsonb_build_object('of', 'import-rows', 'count', gone, 'month', to_char(month, 'YYYY-MM')));
  END IF;
  RETURN gone;
END
$$;
--> statement-breakpoint
-- Takes away answers to edits that nobody tries again.
CREATE FUNCTION meldesync_cut_operations(run bigint, before timestamptz, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
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
    PERFORM meldesync_tell_cut(run, nextval('events_id_seq'), jsonb_build_object('of', 'operations', 'count', gone, 'before', before));
  END IF;
  RETURN gone;
END
$$;
--> statement-breakpoint
-- Takes away conflicts that are settled, the older ones first: which one followed on one that stays is kept.
CREATE FUNCTION meldesync_cut_conflicts(run bigint, before timestamptz, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
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
    PERFORM meldesync_tell_cut(run, nextval('events_id_seq'), jsonb_build_object('of', 'conflicts', 'count', gone, 'before', before));
  END IF;
  RETURN gone;
END
$$;
--> statement-breakpoint
-- How many answers to edits, or conflicts that are settled, are older than a moment: a worker reads neither.
CREATE FUNCTION meldesync_count_old(what text, before timestamptz) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT CASE what
    WHEN 'operations' THEN (SELECT count(*) FROM edit_operations WHERE at < least(before, meldesync_cut_floor(8)) AND outcomes IS NOT NULL)
    WHEN 'conflicts' THEN (SELECT count(*) FROM conflicts WHERE at < least(before, meldesync_cut_floor(30)) AND resolution IS NOT NULL)
  END
$$;
--> statement-breakpoint
-- Events of a month that may go, and how many of them are not sealed yet.
CREATE FUNCTION meldesync_count_events(month date, OUT going bigint, OUT unsealed bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT count(*), count(*) FILTER (WHERE l.entry IS NULL) FROM events e LEFT JOIN audit_leaves l ON l.source = 'e' AND l.entry = e.id
  WHERE e.kind NOT IN ('retention-ran', 'case-erased', 'incarnation-began')
    AND e.at >= date_trunc('month', month)::timestamp AT TIME ZONE 'UTC'
    AND e.at < (date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'UTC'
$$;
--> statement-breakpoint
-- The events of a month that may go, with what proves them, for the archive: of the others a worker reads none.
CREATE FUNCTION meldesync_events_to_cut(month date, above bigint, most integer) RETURNS TABLE (
  source text, id text, before jsonb, after jsonb, content text, header jsonb, salt text, leaf text, seal text, "position" integer
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT 'e', e.id::text, e.before, e.after,
    encode(coalesce(l.content, sha256(l.salt || meldesync_entry_content(e.before, e.after))), 'hex'),
    jsonb_build_object('txid', e.txid, 'at', meldesync_micros(e.at), 'workspace_id', e.workspace_id, 'kind', e.kind, 'actor', e.actor,
      'session_id', e.session_id, 'address', e.address, 'subject', e.subject),
    encode(l.salt, 'hex'), encode(l.leaf, 'hex'), l.seal::text, l.position
  FROM events e JOIN audit_leaves l ON l.source = 'e' AND l.entry = e.id
  WHERE e.kind NOT IN ('retention-ran', 'case-erased', 'incarnation-began') AND e.id > above
    AND e.at >= date_trunc('month', month)::timestamp AT TIME ZONE 'UTC'
    AND e.at < least((date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'UTC', meldesync_cut_floor(30))
  ORDER BY e.id LIMIT most
$$;
--> statement-breakpoint
-- What a pattern must not find in a text, as `…`.
CREATE FUNCTION meldesync_without(content text, pattern text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  -- Twice: two that share a blank between them.
  SELECT regexp_replace(regexp_replace(content, pattern, '\1…\3', 'g'), pattern, '\1…\3', 'g')
$$;
--> statement-breakpoint
-- Of what a change says, without the texts in which a pattern is found.
CREATE FUNCTION meldesync_redacted(content jsonb, pattern text) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(key, CASE WHEN value #>> '{}' ~ pattern THEN 'null' ELSE value END), '{}') FROM jsonb_each(content)
$$;
--> statement-breakpoint
-- Erases what is held of a case in a workspace, in one transaction with the event that tells of it: its records, all that was said of
-- them, and its name wherever it stands. The seals go on to prove that the entries were there. Who may ask for it the caller says.
CREATE FUNCTION meldesync_erase_case(in_workspace uuid, of_case text, by_actor text, by_session text, from_address text, why text)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  of_event bigint := nextval('events_id_seq');
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
REVOKE ALL ON FUNCTION meldesync_cut_leaves(bigint, bigint[], bigint[], boolean), meldesync_tell_cut(bigint, bigint, jsonb), meldesync_import_rows_partitions(timestamptz, integer),
  meldesync_cut_changes(bigint, bigint[], text), meldesync_cut_events(bigint, date, bigint, text), meldesync_cut_import_rows(bigint, date),
  meldesync_cut_operations(bigint, timestamptz, integer), meldesync_cut_conflicts(bigint, timestamptz, integer),
  meldesync_count_old(text, timestamptz), meldesync_count_events(date), meldesync_events_to_cut(date, bigint, integer),
  meldesync_erase_case(uuid, text, text, text, text, text) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_import_rows_partitions(timestamptz, integer), meldesync_events_partitions(timestamptz, integer),
  meldesync_cut_changes(bigint, bigint[], text), meldesync_cut_events(bigint, date, bigint, text), meldesync_cut_import_rows(bigint, date),
  meldesync_cut_operations(bigint, timestamptz, integer), meldesync_cut_conflicts(bigint, timestamptz, integer),
  meldesync_count_old(text, timestamptz), meldesync_count_events(date), meldesync_events_to_cut(date, bigint, integer) TO meldesync_worker, meldesync_app;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_erase_case(uuid, text, text, text, text, text) TO meldesync_app;
