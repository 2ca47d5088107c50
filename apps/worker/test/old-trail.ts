import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, eventually, sampleMeldebestaetigung, verifyTrailOf } from '@meldesync/testkit';

/** What is made of a trail of long ago. */
interface OldTrail {
  /** Records that were made and deleted eleven years ago: two changes each. */
  readonly deleted: number;
  /** Events of a month five years ago. */
  readonly events: number;
}

/** Fills a trail as if it were old; the ids of some records that are still there. */
export async function addOldTrail(cluster: Cluster, { deleted, events }: OldTrail): Promise<{ left: number[] }> {
  const left = await cluster.addRecords(3);
  const { ibe } = sampleMeldebestaetigung(1);
  const content = `jsonb_build_object('vorgangsnummer', encode(sha256(n::text::bytea), 'hex'), 'ibe', $2::text, 'caseId', 'F-old-' || n,
    'done', false, 'assignee', null, 'note', 'Notiz ' || n)`;
  await cluster.sql(
    `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
     select $1, 1000000 + n, kind.version, kind.op, case kind.op when 'insert' then '{}' else ${content} end,
       case kind.op when 'insert' then ${content} else '{}' end, 'user:anna', 'web',
       now() - interval '11 years' + make_interval(secs => n, mins => kind.version)
     from generate_series(1, $3::int) n cross join (values (1, 'insert'), (2, 'delete')) kind (version, op)`,
    [cluster.workspace, ibe, deleted],
  );
  // The table may be taken just then.
  await eventually(async () => {
    await cluster.sql(`select meldesync_events_partitions(date_trunc('month', now() - interval '5 years'))`);
  });
  await cluster.sql(
    `insert into events (at, kind, actor, workspace_id, subject)
     select date_trunc('month', now() - interval '5 years') + interval '1 day' + make_interval(secs => n), 'lock-taken', 'user:anna', $1, 'record:' || n
     from generate_series(1, $2::int) n`,
    [cluster.workspace, events],
  );
  return { left };
}

/** Seals until all that is there is sealed. */
export async function sealAll(cluster: Cluster): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    await cluster.sql('select * from meldesync_seal()');
    const [row] = await cluster.sql(
      `select exists (select from changes c where not exists (select from audit_leaves where source = 'c' and entry = c.id))
         or exists (select from events e where not exists (select from audit_leaves where source = 'e' and entry = e.id)) as left`,
    );
    if (row?.['left'] === false) return;
    await sleep(20);
  }
  throw new Error('something stays unsealed');
}

/** Looks through the whole trail as `meldesync audit verify` does. */
export const verify = (cluster: Cluster) => verifyTrailOf(cluster.database);
