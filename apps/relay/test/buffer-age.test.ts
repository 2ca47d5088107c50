import { eventually, runSql } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { acceptingFeed, createLonePasses } from './lone-pass.ts';

it('R4.4 a feed that stands still is looked at like one that moves, so that its frames go when they are too old', async () => {
  await using passes = await createLonePasses();
  const { ownerUrl } = passes.test;
  const end = await passes.start(acceptingFeed(), { holdBackMs: 1 });
  await runSql(
    ownerUrl,
    `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
     values ($1, 1, 1, 'update', '{}', '{}', 'db:test', 'sql', now())`,
    [passes.workspace],
  );
  const standsAt = async () => {
    const [row] = await runSql(ownerUrl, 'select position from feed_positions where workspace_id = $1', [
      passes.workspace,
    ]);
    return String(row?.['position']);
  };
  await eventually(async () => expect(await standsAt()).not.toBe('0-0'));
  await end();

  const looked: [string, string][][] = [];
  const age = async (_epoch: string, positions: ReadonlyMap<string, string>) => {
    looked.push([...positions]);
  };
  await passes.start(acceptingFeed({ buffer: { age, size: async () => ({ frames: 0, bytes: 0 }) } }));
  const expected = [[passes.workspace, await standsAt()]];
  await eventually(() => expect(looked).toEqual([expected]));
});
