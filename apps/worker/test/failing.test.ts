import type { ImportSummary } from '@meldesync/protocol';
import { type Cluster, eventually, sampleCsv, sampleMeldebestaetigung, startCluster } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';

const ROWS = 20;
/** Attempts come with growing pauses, and after five of them the sweeper has to find the import. */
const PATIENCE_MS = 100_000;
const TIMEOUT_MS = 120_000;

/** Uploads sample rows; reads how the import stands. */
async function upload(cluster: Cluster): Promise<() => Promise<ImportSummary>> {
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const api = cluster.api(anna);
  const [taken] = await api.uploadImports(cluster.workspace, [
    { name: 'test.csv', content: new Blob([sampleCsv(ROWS)]) },
  ]);
  if (!taken) throw new Error('no import came back');
  return () => api.import(cluster.workspace, taken.id);
}

/** Postgres refuses each write of a record, naming its Vorgangsnummer, as long as `condition` holds. */
async function refuseRecords(cluster: Cluster, { condition, sqlState }: { condition: string; sqlState: string }) {
  await cluster.sql('create sequence attempts');
  await cluster.sql('grant usage on sequence attempts to public');
  await cluster.sql(`
    create function refuse() returns trigger language plpgsql as $$ begin
      if ${condition} then raise exception 'no %', new.vorgangsnummer using errcode = '${sqlState}'; end if;
      return new;
    end $$`);
  await cluster.sql('create trigger refuse before insert on records for each row execute function refuse()');
}

/** All that the queue has in Redis, as text. */
async function queueInRedis({ redis, redisPrefix }: Cluster): Promise<string> {
  const keys = (await redis.command('KEYS', `${redisPrefix}:jobs:*`)) as string[];
  const contents = keys.map(async (key) => {
    const type = await redis.command('TYPE', key);
    if (type === 'hash') return redis.command('HGETALL', key);
    return type === 'stream' ? redis.command('XRANGE', key, '-', '+') : undefined;
  });
  return JSON.stringify(await Promise.all(contents));
}

// Each takes the time of its attempts; together they take no longer than one.
describe.concurrent('an import', () => {
  it(
    'R2.4 R5.1 that Postgres refuses each time ends with an error, and the queue never holds anything of it',
    async () => {
      await using cluster = await startCluster({ nodes: 1, logLevel: 'silent' });
      await refuseRecords(cluster, { condition: 'true', sqlState: 'P0001' });
      const summary = await upload(cluster);
      const seen = new Set<string>();
      await eventually(async () => {
        seen.add(await queueInRedis(cluster));
        expect((await summary()).status).toBe('failed');
      }, PATIENCE_MS);
      expect(await summary()).toMatchObject({ error: { code: 'internal', params: {} }, progress: 1 });
      expect(await cluster.sql('select 1 from import_chunks')).toEqual([]);

      const ofQueue = [...seen].join('\n');
      expect(ofQueue).toContain('import attempt failed');
      for (let row = 1; row <= ROWS; row++) {
        const { vorgangsnummer, ibe } = sampleMeldebestaetigung(row);
        expect(ofQueue.toLowerCase()).not.toContain(vorgangsnummer.toLowerCase());
        expect(ofQueue).not.toContain(ibe);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'R2.4 that meets an outage goes on when it is over, however many attempts failed',
    async () => {
      await using cluster = await startCluster({ nodes: 1, logLevel: 'silent' });
      // What a server says that is being shut down.
      await refuseRecords(cluster, { condition: `nextval('attempts') <= 6`, sqlState: '57P01' });
      const summary = await upload(cluster);
      await eventually(async () => expect((await summary()).status).toBe('finished'), PATIENCE_MS);
      expect((await summary()).rows).toMatchObject({ new: ROWS, rejected: 0 });
    },
    TIMEOUT_MS,
  );
});
