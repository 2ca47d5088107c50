import { randomUUID } from 'node:crypto';
import { eventually, openTransaction } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

/** What is an edit of many. */
const MANY = 10;

const { cluster, anna, call, inWorkspace } = await setUpApi();
const ben = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'editor' });

it('of one person go one after another; their small ones and those of others do not wait', async () => {
  const records = await cluster.addRecords(4 * MANY + 2, { first: 100 });
  const taken = (count: number) => records.splice(0, count);
  const [held, next, others] = [taken(MANY), taken(MANY), taken(MANY)];
  const answered = new Set<string>();
  const edit = async (name: string, of: readonly number[], as = anna) => {
    const items = of.map((record) => ({ record, baseVersion: 1, set: { note: name } }));
    const response = await call(inWorkspace('/edits'), {
      as,
      method: 'POST',
      json: { operation: randomUUID(), items },
    });
    expect(response.status).toBe(200);
    answered.add(name);
  };
  await using other = await openTransaction(cluster.database.ownerUrl);
  await other.query('select 1 from records where id = $1 for update', [held[0]]);
  const first = edit('first', held);
  await eventually(async () =>
    expect(
      await cluster.sql(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and usename = 'meldesync_app'`,
      ),
    ).toHaveLength(1),
  );
  const second = edit('second', next);
  await edit('small', taken(1));
  await edit('of another', others, ben);
  expect([...answered]).toEqual(['small', 'of another']);
  await other.commit();
  await Promise.all([first, second]);
  expect([...answered]).toEqual(['small', 'of another', 'first', 'second']);
});
