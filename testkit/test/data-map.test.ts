import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually, recordsOf, sampleMeldebestaetigung, startCluster } from '@meldesync/testkit';
import { expect, it } from 'vitest';

const MAP = readFileSync(fileURLToPath(new URL('../../docs/betreiben/datenkarte.md', import.meta.url)), 'utf8');

/** The first cells of the rows of a section's table. */
function namesIn(section: string): string[] {
  const text = MAP.split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => (line.split('|')[1] ?? '').match(/`[^`]+`/g) ?? [])
    .map((name) => name.slice(1, -1));
}

it('R5.5 the data map names every table and every kind of key, and none that is not there', async () => {
  await using cluster = await startCluster({ nodes: 1 });
  const tables = await cluster.sql(
    `select case n.nspname when 'public' then c.relname else n.nspname || '.' || c.relname end as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`,
  );
  expect(namesIn('In PostgreSQL').toSorted()).toEqual(tables.map(({ name }) => String(name)).toSorted());

  // Everything that leaves a key: a change, a lock, somebody who looks at a case, an import.
  const person = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const [record = 0] = await cluster.addRecords(1, { caseId: 'F-1' });
  const client = cluster.client(person);
  client.start();
  await eventually(() => expect(recordsOf(client.store)).toHaveLength(1));
  const patterns = namesIn('In Redis');
  const expressions = patterns.map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .replace('meldesync:', `${cluster.redisPrefix}:`)
          .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '.+')}$`,
      ),
  );
  const unused = new Set(patterns.keys());
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(7);
  expect(await client.lock([record])).toMatchObject({ outcome: 'granted' });
  const look = async () => {
    const [, keys] = (await cluster.redis.command('SCAN', '0', 'COUNT', '10000')) as [string, string[]];
    const unknown = keys.filter((key) => {
      const found = expressions.findIndex((expression) => expression.test(key));
      unused.delete(found);
      return found === -1;
    });
    expect(unknown).toEqual([]);
  };
  await cluster
    .api(person)
    .uploadImports(cluster.workspace, [{ name: 'a.csv', content: new Blob([`${vorgangsnummer};${ibe}`]) }]);
  await eventually(async () => {
    await look();
    expect([...unused].map((at) => patterns[at])).toEqual([]);
  });
});
