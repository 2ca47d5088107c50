ALTER TABLE "feed_positions" ADD COLUMN "checksum" bigint;--> statement-breakpoint
ALTER TABLE "feed_state" ADD COLUMN "base_snapshot" text;--> statement-breakpoint
-- The same as `recordChecksum` of the protocol: whole numbers below 2^31 - 1, whose products fit a bigint.
CREATE FUNCTION meldesync_record_checksum(id bigint, version bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
  SELECT (((mixed * mixed) % 2147483647 + v) % 2147483647) * ((mixed + i) % 2147483647) % 2147483647
  FROM (SELECT id % 2147483647 AS i, version % 2147483647 AS v) AS residues,
  LATERAL (SELECT ((i * 1000003) % 2147483647 + (v * 8191) % 2147483647 + 1) % 2147483647 AS mixed) AS step
);
--> statement-breakpoint
-- What all screens of a workspace must add up to: the sum over its records, whatever their order.
CREATE FUNCTION meldesync_checksum(workspace uuid) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (coalesce(sum(meldesync_record_checksum(id, version)), 0) % 4503599627370496)::bigint
  FROM records WHERE workspace_id = workspace
$$;
