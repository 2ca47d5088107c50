import { randomBytes } from 'node:crypto';
import { SYNCED_COLUMN_NAMES } from '@meldesync/db';
import { type Change, type Frame, SYNCED_FIELDS, type SyncedRecord } from '@meldesync/protocol';
import type { Cluster } from './cluster.ts';
import { runSql } from './test-database.ts';

/** A frame as Redis keeps it. */
export interface StreamEntry {
  readonly id: string;
  readonly prev: string;
  /** 64-bit transaction id, decimal. */
  readonly txid: string;
  readonly frame: Frame;
}

/** The whole stream of a workspace in Redis, oldest first, in the epoch that is current. */
export async function readStream(cluster: Cluster, workspace = cluster.workspace): Promise<StreamEntry[]> {
  const [state] = await cluster.sql('select epoch from feed_state');
  const key = `${cluster.redisPrefix}:{${workspace}}:feed2:${String(state?.['epoch'])}`;
  const entries = (await cluster.redis.command('XRANGE', key, '-', '+')) as [string, string[]][];
  return entries.map(([id, fields]) => {
    const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
    return { id, prev: field('p'), txid: field('x'), frame: JSON.parse(field('f')) as Frame };
  });
}

/** A change by record and version, with the transaction that made it: what must be in the feed exactly once. */
export type ChangeKey = `${string}:${number}@${number}`;

/** What the stream holds, in its order. */
export function changesOf(stream: readonly StreamEntry[]): ChangeKey[] {
  return stream.flatMap(({ txid, frame }) => frame.changes.map((change) => keyOf(txid, change)));
}

function keyOf(txid: string, change: Pick<Change, 'record' | 'version'>): ChangeKey {
  return `${txid}:${change.record}@${change.version}`;
}

/**
 * Knows the commit order without the relay: a replication slot of its own, which Postgres decodes by itself.
 * Dispose of it before the cluster, whose database it would hold.
 */
export interface CommitLog extends AsyncDisposable {
  /** Every row of `changes` of the cluster's first workspace since the log began, in commit order. */
  changes(): Promise<ChangeKey[]>;
}

export async function startCommitLog(cluster: Cluster): Promise<CommitLog> {
  const slot = `log_${randomBytes(6).toString('hex')}`;
  const url = cluster.database.ownerUrl;
  await runSql(url, `select pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
  return {
    changes: async () => {
      const commits = await runSql(
        url,
        `select xid::text as xid, min(place) as place
         from pg_logical_slot_peek_binary_changes($1, null, null,
           'proto_version', '1', 'publication_names', 'meldesync_feed') with ordinality as log(lsn, xid, data, place)
         where substr(data, 1, 1) = 'I'::bytea
         group by xid order by place`,
        [slot],
      );
      const rows = await runSql(
        url,
        `select id, txid, record_id, version from changes where workspace_id = $1 order by id`,
        [cluster.workspace],
      );
      const byTransaction = new Map<string, ChangeKey[]>();
      for (const row of rows) {
        const txid = String(row['txid']);
        const xid = (BigInt(txid) & 0xffff_ffffn).toString();
        const change = keyOf(txid, { record: Number(row['record_id']), version: Number(row['version']) });
        byTransaction.set(xid, [...(byTransaction.get(xid) ?? []), change]);
      }
      return commits.flatMap(({ xid }) => byTransaction.get(String(xid)) ?? []);
    },
    [Symbol.asyncDispose]: async () => {
      await runSql(url, 'select pg_drop_replication_slot($1)', [slot]);
    },
  };
}

/** The records of the first workspace as Postgres holds them, by id: what every client must show. */
export async function recordsInPostgres(cluster: Cluster): Promise<Map<number, Shown>> {
  const rows = await cluster.sql(`select ${SHOWN_COLUMNS} from records where workspace_id = $1 order by id`, [
    cluster.workspace,
  ]);
  return new Map(rows.map((row) => [Number(row['id']), { ...row, id: Number(row['id']) } as Shown]));
}

/** A record without its time, of which Postgres and the wire have different forms. */
export type Shown = Omit<SyncedRecord, 'updatedAt'>;

export const SHOWN_FIELDS = SYNCED_FIELDS.filter((field) => field !== 'updatedAt');

/** The columns that make a record as it is shown, for a statement. */
export const SHOWN_COLUMNS = SHOWN_FIELDS.map((field) => `${SYNCED_COLUMN_NAMES[field]} as "${field}"`).join(', ');

/** The records a client shows, in the form and order of `recordsInPostgres`. */
export function recordsOf(store: { values(): Iterable<SyncedRecord> }): Map<number, Shown> {
  const records = [...store.values()].toSorted((a, b) => a.id - b.id);
  return new Map(
    records.map((record) => [
      record.id,
      Object.fromEntries(SHOWN_FIELDS.map((field) => [field, record[field]])) as Shown,
    ]),
  );
}
