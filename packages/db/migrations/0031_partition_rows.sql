-- Partitions are made also where the default one holds rows of their month, which move into them. Expand: functions alone.
--
-- Of a partitioned table makes the partitions of all months from that of a moment to so many after this one, and of those that rows of the
-- default partition are of, where they are not there; how many it made. Rows move as they are, with all their columns: what seals prove of
-- them stays true. They are copied before anybody has to wait. Then the table is held for as long as it takes to copy what came meanwhile,
-- and not as `SHARE UPDATE EXCLUSIVE` would do it: who had planned a query before would look for the rows in neither.
-- Throws with SQLSTATE 55P03 where the table is not free at once. Where somebody has dropped the default partition, months are made all the same.
CREATE FUNCTION meldesync_make_partitions(parent text, since timestamptz, ahead integer) RETURNS integer LANGUAGE plpgsql
SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
  others text := parent || '_default';
  has_others boolean := to_regclass(format('public.%I', parent || '_default')) IS NOT NULL;
  wanted date[];
  has_rows boolean := false;
  -- Of what is evidence nothing is rewritten.
  refuses boolean := to_regproc(format('public.%I', parent || '_refuse_rewrite')) IS NOT NULL;
  starts date;
  named text;
  range text;
BEGIN
  EXECUTE format('SELECT array_agg(month::date ORDER BY month) FROM (
      SELECT generate_series(date_trunc(''month'', $1 AT TIME ZONE ''UTC''), date_trunc(''month'', now() AT TIME ZONE ''UTC'') + make_interval(months => $2), ''1 month'')
      UNION SELECT DISTINCT date_trunc(''month'', at AT TIME ZONE ''UTC'') FROM %s WHERE at >= ''1970-01-01 00:00Z'' AND at < ''9999-12-01 00:00Z''
    ) months (month) WHERE to_regclass(format(''public.%%I'', $3 || to_char(month, ''_YYYY_MM''))) IS NULL', CASE WHEN has_others THEN format('%I', others) ELSE '(SELECT now() WHERE false) none (at)' END)
    INTO wanted USING since, ahead, parent;
  IF wanted IS NULL THEN
    RETURN 0;
  END IF;
  IF has_others THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', others) INTO has_rows;
  END IF;
  IF has_rows THEN
    -- While they are copied nothing is erased in them, and no seal is made.
    PERFORM pg_advisory_xact_lock(4839210567342);
  END IF;
  FOR pass IN 1..2 LOOP
    IF pass = 2 THEN
      EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
      IF has_others THEN
        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', others);
      END IF;
      IF refuses AND has_others THEN
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER %I', others, parent || '_refuse_rewrite');
      END IF;
    END IF;
    FOREACH starts IN ARRAY wanted LOOP
      named := parent || to_char(starts, '_YYYY_MM');
      range := format('at >= %L AND at < %L', starts::timestamp AT TIME ZONE 'UTC', (starts + interval '1 month')::timestamp AT TIME ZONE 'UTC');
      IF pass = 1 THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES INCLUDING STORAGE INCLUDING COMPRESSION)', named, parent);
      END IF;
      IF has_others THEN
        -- Of the parent, whose order of columns both have: it looks into the default partition alone.
        EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE %s ON CONFLICT DO NOTHING', named, parent, range);
      END IF;
      CONTINUE WHEN pass = 1;
      IF has_others THEN
        EXECUTE format('DELETE FROM %I WHERE %s', others, range);
      END IF;
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, named,
        starts::timestamp AT TIME ZONE 'UTC', (starts + interval '1 month')::timestamp AT TIME ZONE 'UTC');
      IF refuses THEN
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION %I()',
          parent || '_refuse_rewrite', named, parent || '_refuse_rewrite');
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', named, parent || '_refuse_rewrite');
      END IF;
      EXECUTE format('REVOKE ALL ON %I FROM meldesync_app', named);
    END LOOP;
  END LOOP;
  IF refuses AND has_others THEN
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', others, parent || '_refuse_rewrite');
  END IF;
  RETURN cardinality(wanted);
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION meldesync_make_partitions(text, timestamptz, integer) FROM PUBLIC;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_events_partitions(since timestamptz, ahead integer DEFAULT 2) RETURNS integer LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT meldesync_make_partitions('events', since, ahead)
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION meldesync_import_rows_partitions(since timestamptz, ahead integer DEFAULT 2) RETURNS integer LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT meldesync_make_partitions('import_rows', since, ahead)
$$;
--> statement-breakpoint
-- Default partitions that hold rows, and partitions of this month and the next one that are not there.
CREATE FUNCTION meldesync_partition_gaps(OUT holding text[], OUT missing text[]) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT array_remove(ARRAY[
      CASE WHEN EXISTS (SELECT FROM events_default) THEN 'events_default' END,
      CASE WHEN EXISTS (SELECT FROM import_rows_default) THEN 'import_rows_default' END
    ], NULL),
    ARRAY(
      SELECT parent || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead), '_YYYY_MM')
      FROM (VALUES ('events'), ('import_rows')) parents (parent), generate_series(0, 1) ahead
      WHERE NOT EXISTS (
        SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = format('public.%I', parent)::regclass
          AND c.relname = parent || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead), '_YYYY_MM')
      )
      ORDER BY parent, ahead
    )
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION meldesync_partition_gaps() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION meldesync_partition_gaps() TO meldesync_auditor;
