import { eventually } from './eventually.ts';

/** Runs SQL as the owner of a database. */
type RunSql = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

export interface SampleTrail {
  readonly workspace: string;
  /** How many entries, of which six in ten are changes of records. */
  readonly entries: number;
  /** Ids of accounts that did it all; each as much as the others. */
  readonly people: readonly string[];
}

/** In how much time they lie, up to now. */
const DAYS = 365;
/** Changes of a record from when it came until it was deleted: clients that are told of them hold nothing afterwards. */
const LIFE = 10;
/** No record of a test has such an id. */
const FIRST_RECORD = 2_000_000_000_000;
const CHANGES_OF_TEN = 6;

/**
 * Fills the trail of a workspace for measurements: records that came, were changed and were deleted, with cases and notes, and events of
 * sign-ins, locks and connections, evenly over a year. One note in 100,000 changes has the word "Nadelwort" in it.
 */
export async function addSampleTrail(sql: RunSql, { workspace, entries, people }: SampleTrail): Promise<void> {
  const changes = Math.floor((entries * CHANGES_OF_TEN) / 10);
  const events = entries - changes;
  const actors = people.map((id) => `user:${id}`);
  // The table may be taken just then.
  await eventually(async () => {
    await sql(`select meldesync_events_partitions(now() - make_interval(days => $1), 2)`, [DAYS + 31]);
  });
  await sql(
    `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
     select $1, $2::bigint + n / $3::int, n % $3::int + 1,
       case n % $3::int when 0 then 'insert' when $3::int - 1 then 'delete' else 'update' end,
       case n % $3::int
         when 0 then '{}'::jsonb
         when $3::int - 1 then content || '{"done": true}'
         else jsonb_build_object('note', 'Rückfrage ' || n - 1, 'done', false) end,
       case n % $3::int
         when 0 then content
         when $3::int - 1 then '{}'::jsonb
         else jsonb_build_object('note', case n % 100000 when 77777 then 'Nadelwort ' else 'Rückfrage ' end || n, 'done', true) end,
       ($4::text[])[1 + n % cardinality($4::text[])], 'web', now() - make_interval(secs => ($5::int - n) * $6::float8)
     from generate_series(0, $5::int - 1) n, lateral (select jsonb_build_object(
       'vorgangsnummer', encode(sha256(convert_to((n / $3::int)::text, 'UTF8')), 'hex'), 'ibe', 'IBE+' || n / $3::int,
       'caseId', 'F-' || 10000 + n / ($3::int * 2), 'done', false, 'assignee', null, 'note', 'Rückfrage') as content) held
     order by n`,
    [workspace, FIRST_RECORD, LIFE, actors, changes, (DAYS * 86_400) / changes],
  );
  await sql(
    `insert into events (at, kind, actor, session_id, address, workspace_id, subject, before, after)
     select now() - make_interval(secs => ($4::int - n) * $5::float8),
       (array['sign-in', 'lock-taken', 'lock-released', 'connection-opened', 'connection-closed'])[1 + n % 5],
       actor, 'session-' || n % 5000, '10.1.' || n % 200 || '.' || n % 7, case n % 5 when 0 then null else $1::uuid end,
       case n % 5 when 0 then actor when 1 then 'lock:' || n when 2 then 'lock:' || n - 1 else 'connection:' || n / 5 end, null,
       case when n % 5 in (1, 2) then jsonb_build_object('records', jsonb_build_array($2::bigint + n / 20))
         else jsonb_build_object('node', 'node-' || n % 3) end
     from generate_series(0, $4::int - 1) n, lateral (select ($3::text[])[1 + n % cardinality($3::text[])] as actor) who
     order by n`,
    [workspace, FIRST_RECORD, actors, events, (DAYS * 86_400) / events],
  );
  await sql('vacuum (analyze) changes, events');
}
