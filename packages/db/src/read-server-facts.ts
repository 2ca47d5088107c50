import type pg from 'pg';
import { endClient } from './end-client.ts';
import { ROLES } from './migrate.ts';
import { openClient } from './open-client.ts';
import { readSchemaState, type SchemaState } from './schema-state.ts';

/** Settings that decide what of a statement Postgres writes into its own log. */
const LOG_SETTINGS = [
  'log_min_error_statement',
  'log_error_verbosity',
  'log_statement',
  'log_min_duration_statement',
  'log_parameter_max_length',
  'log_parameter_max_length_on_error',
] as const;
export type LogSetting = (typeof LOG_SETTINGS)[number];

/** A role that a process signs in as; without attributes where it is not there. */
export interface RoleFacts {
  readonly role: string;
  readonly exists: boolean;
  readonly signsIn: boolean;
  readonly replicates: boolean;
  /** Of the nodes' role for records: it may still read how people sign in, which only the release before needs. */
  readonly isWide: boolean;
}

/** How the slot is from which the relay reads. */
export interface SlotFacts {
  readonly isActive: boolean;
  /** It holds log that Postgres has thrown away: nobody can read from it. */
  readonly isLost: boolean;
  /** Of the log that is kept for it. */
  readonly keptBytes: number;
}

/** How the trail is sealed, and what goes of it. */
export interface TrailFacts {
  /** How long ago something was sealed last, where a change that is a minute old is not; 0 where it is. */
  readonly unsealedMs: number;
  /** How long the oldest seal has been there that no checkpoint covers; 0 where there is none. */
  readonly unsignedMs: number;
  /** Why the latest run of retention ended before its end; null where it did not. */
  readonly retentionFailure: string | null;
  /** Of each kind that is over its time and stayed, why. */
  readonly stays: readonly string[];
  /** Default partitions that hold rows, which belong into one of their month. */
  readonly holdingDefaults: readonly string[];
  /** Partitions of this month and the next one that are not there. */
  readonly missingPartitions: readonly string[];
  /** How long ago the oldest erasure was of which something is left to do; 0 where there is none. */
  readonly openErasureMs: number;
}

/** What a Postgres says of itself that MeldeSync stands on. */
export interface PostgresServerFacts {
  readonly version: string;
  readonly walLevel: string;
  readonly maxReplicationSlots: number;
  readonly replicationSlots: number;
  /** It only follows another one, and takes no edits. */
  readonly isStandby: boolean;
  /** Which tables are there. */
  readonly schema: SchemaState;
  readonly roles: readonly RoleFacts[];
  /** Null where there is none of that name. */
  readonly slot: SlotFacts | null;
  /** Null where there are no such tables, or the role may not read them. */
  readonly trail: TrailFacts | null;
  /** As Postgres writes them; durations and lengths in their base unit, `-1` for none. */
  readonly logSettings: Readonly<Record<LogSetting, string>>;
}

const PATIENCE_MS = 5_000;

/**
 * Reads what a Postgres says of itself, of the roles of our processes and of a replication slot. Any role that may connect can ask.
 * Rejects where it does not answer, or refuses the sign-in.
 */
export async function readPostgresFacts(url: string, slot: string): Promise<PostgresServerFacts> {
  const client = openClient(
    {
      connectionString: url,
      application_name: 'meldesync-doctor',
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    },
    // What is asked fails for it too, and says so.
    () => {},
  );
  try {
    await client.connect();
    const server =
      await client.query<Omit<PostgresServerFacts, 'schema' | 'roles' | 'slot' | 'trail' | 'logSettings'>>(SERVER);
    const schema = await readSchemaState(client);
    const roles = await client.query<RoleFacts>(ROLES_OF_PROCESSES, [Object.values(ROLES)]);
    const slots = await client.query<Omit<SlotFacts, 'keptBytes'> & { keptBytes: string }>(SLOT, [slot]);
    const settings = await client.query<{ name: LogSetting; setting: string }>(SETTINGS, [[...LOG_SETTINGS]]);
    const [facts] = server.rows;
    if (!facts) throw new Error('Postgres did not say what it is');
    const [found = null] = slots.rows;
    return {
      ...facts,
      schema,
      roles: roles.rows,
      trail: await readTrailFacts(client),
      slot: found && { ...found, keptBytes: Number(found.keptBytes) },
      logSettings: Object.fromEntries(settings.rows.map(({ name, setting }) => [name, setting])) as Record<
        LogSetting,
        string
      >,
    };
  } finally {
    await endClient(client);
  }
}

async function readTrailFacts(client: Pick<pg.Client, 'query'>): Promise<TrailFacts | null> {
  const mayRead = await client.query<{ may: boolean | null }>(MAY_READ_TRAIL);
  if (mayRead.rows[0]?.may !== true) return null;
  const { rows } = await client.query<TrailFacts>(TRAIL);
  return rows[0] ?? null;
}

const SERVER = `
  select split_part(current_setting('server_version'), ' ', 1) as version, current_setting('wal_level') as "walLevel",
         current_setting('max_replication_slots')::int as "maxReplicationSlots",
         (select count(*)::int from pg_replication_slots) as "replicationSlots",
         pg_is_in_recovery() as "isStandby"`;

const ROLES_OF_PROCESSES = `
  select role, rolname is not null as exists, coalesce(rolcanlogin, false) as "signsIn",
         coalesce(rolreplication or rolsuper, false) as replicates,
         rolname is not null and not rolsuper and role = 'meldesync_app' and exists (
           select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
           where nspname = 'auth' and relname = 'account' and has_table_privilege(rolname, pg_class.oid, 'select')) as "isWide"
  from unnest($1::text[]) with ordinality as wanted(role, place) left join pg_roles on rolname = role
  order by place`;

/** A standby has no log of its own to measure by. */
const SLOT = `
  select active as "isActive", coalesce(wal_status = 'lost', false) as "isLost",
         case when pg_is_in_recovery() then 0 else coalesce(pg_current_wal_lsn() - restart_lsn, 0) end as "keptBytes"
  from pg_replication_slots where slot_name = $1`;

/** Null or false where one of them is not there, or not to be read. */
const MAY_READ_TRAIL = `
  select bool_and(coalesce(has_table_privilege(to_regclass('public.' || name), 'select'), false))
    and coalesce(has_function_privilege(to_regprocedure('public.meldesync_partition_gaps()'), 'execute'), false) as may
  from unnest(array['changes', 'audit_seals', 'audit_leaves', 'audit_checkpoints', 'retention_runs', 'erasures']) name`;

/** A worker seals each second what is final: the newest change that is a minute old is sealed. */
const TRAIL = `
  select
    coalesce((
      select extract(epoch from clock_timestamp() - coalesce((select at from audit_seals order by no desc limit 1), newest.at)) * 1000
      from (select id, at from changes where at < now() - interval '1 minute' order by id desc limit 1) newest
      where not exists (select from audit_leaves where source = 'c' and entry = newest.id)
    ), 0)::float8 as "unsealedMs",
    coalesce((
      select extract(epoch from clock_timestamp() - at) * 1000 from audit_seals
      where no > (select coalesce(max(no), 0) from audit_checkpoints) order by no limit 1
    ), 0)::float8 as "unsignedMs",
    (select failure from retention_runs where not is_dry_run and finished_at is not null order by id desc limit 1) as "retentionFailure",
    coalesce((
      select array_agg(line ->> 'stays') filter (where line ->> 'stays' is not null)
      from (select report from retention_runs where not is_dry_run and finished_at is not null order by id desc limit 1) latest,
        jsonb_array_elements(coalesce(latest.report -> 'lines', '[]')) line
    ), '{}') as stays,
    coalesce((select extract(epoch from clock_timestamp() - min(at)) * 1000 from erasures where salt is not null), 0)::float8 as "openErasureMs",
    gaps.holding as "holdingDefaults", gaps.missing as "missingPartitions"
  from meldesync_partition_gaps() gaps`;

const SETTINGS = 'select name, setting from pg_settings where name = any($1)';
