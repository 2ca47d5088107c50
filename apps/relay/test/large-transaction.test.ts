import { eventually, runSql } from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acceptingFeed, createLonePasses, type LonePasses } from './lone-pass.ts';

const ROWS = 600;
const ROW_CHARACTERS = 64 * 1024;
/** A little more than what may be on its way to Redis at a time. */
const MOST_WAITING = 5 * 1024 * 1024;

let passes: LonePasses;
beforeEach(async () => {
  passes = await createLonePasses();
});
afterEach(() => passes[Symbol.asyncDispose]());

/** A Redis that answers no frame before it is told to. */
function slowFeed() {
  const waiting = new Set<() => void>();
  const held = { characters: 0, changes: 0, answers: false };
  const answer = () => {
    held.answers = true;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const feed = acceptingFeed({
    append: async (_workspace, frame) => {
      held.characters += frame.json.length;
      held.changes += frame.changes;
      if (!held.answers) await new Promise<void>((resolve) => waiting.add(resolve));
      held.characters -= frame.json.length;
      return 'appended';
    },
    [Symbol.dispose]: answer,
  });
  return { feed, held, answer };
}

/** Whether Postgres has more to send than the relay takes. */
async function expectPostgresToWait(): Promise<void> {
  const rows = await runSql(
    passes.test.ownerUrl,
    `select wait_event from pg_stat_activity join pg_replication_slots on active_pid = pid where slot_name = $1`,
    [passes.test.slot],
  );
  expect(rows).toEqual([{ wait_event: 'WalSenderWriteData' }]);
}

it('R3.5 a transaction larger than memory waits in the log while Redis is slow', async () => {
  const { feed, held, answer } = slowFeed();
  await passes.start(feed);
  await runSql(
    passes.test.ownerUrl,
    `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
     select $1, n, 1, 'update', '{}', jsonb_build_object('note', repeat('x', $3)), 'db:test', 'sql', now()
     from generate_series(1, $2::int) as n`,
    [passes.workspace, ROWS, ROW_CHARACTERS],
  );
  await eventually(() => expect(held.characters).toBeGreaterThan(MOST_WAITING - 1024 * 1024));
  await eventually(expectPostgresToWait);
  expect(held.characters).toBeLessThan(MOST_WAITING);
  answer();
  await eventually(() => expect(held).toMatchObject({ changes: ROWS, characters: 0 }));
});
