import { BusUnavailableError, type StoredLevel } from '@meldesync/bus';
import { expect, it } from 'vitest';
import { LevelFollower } from './level-follower.ts';

const SINCE = '2026-01-22T10:00:00.000Z';
const DECIDED = JSON.stringify({
  level: 'minimal',
  since: SINCE,
  reasons: [{ cause: 'pool', value: 30, limit: 20, unit: '1' }],
});
const CHOSEN = JSON.stringify({ level: 'manual', since: SINCE, by: 'user:u1' });

/** A follower of what a test puts into Redis; null: it does not answer. */
function follow() {
  let now = 0;
  let stored: StoredLevel | null = { decision: null, chosen: null };
  const told: string[] = [];
  const unreadable: string[] = [];
  const follower = new LevelFollower({
    board: { read: () => (stored ? Promise.resolve(stored) : Promise.reject(new BusUnavailableError({}))) },
    onUnreadable: ({ place }) => unreadable.push(place),
    onLevel: ({ name, chosenBy }) => told.push(`${name} ${chosenBy}`),
    now: () => now,
  });
  return {
    told,
    unreadable,
    level: () => follower.level,
    read: async (next: Partial<StoredLevel> | null, afterMs = 0) => {
      stored = next && { decision: null, chosen: null, ...next };
      now += afterMs;
      if (stored) await follower.read();
      else await expect(follower.read()).rejects.toThrow(BusUnavailableError);
    },
  };
}

it('R5.4 works at the level that was decided on, and tells of it once', async () => {
  const { read, level, told } = follow();
  await read({});
  await read({ decision: DECIDED });
  await read({ decision: DECIDED });
  expect(level()).toMatchObject({ name: 'minimal', since: SINCE, chosenBy: 'measured', reasons: [{ cause: 'pool' }] });
  await read({});
  expect(told).toEqual(['minimal measured', 'normal measured']);
});

it('R5.4 what a person chose comes first, with what is measured beside it', async () => {
  const { read, level, told } = follow();
  await read({ decision: DECIDED, chosen: CHOSEN });
  expect(level()).toMatchObject({ name: 'manual', chosenBy: 'person', reasons: [{ cause: 'pool' }] });
  await read({ decision: DECIDED });
  expect(told).toEqual(['manual person', 'minimal measured']);
});

it('R5.4 without Redis a decision ends by itself, and what a person chose does not', async () => {
  const { read, level } = follow();
  await read({ decision: DECIDED });
  await read(null, 9_000);
  expect(level().name).toBe('minimal');
  await read(null, 2_000);
  expect(level()).toMatchObject({ name: 'normal', reasons: [] });
  await read({ decision: DECIDED, chosen: CHOSEN });
  await read(null, 60_000);
  expect(level()).toMatchObject({ name: 'manual', reasons: [] });
});

it('P45 what cannot be read counts for nothing', async () => {
  const { read, level, unreadable } = follow();
  await read({ decision: '{"level":"loud"}', chosen: CHOSEN.replace('manual', 'normal') });
  expect(level().name).toBe('normal');
  expect(unreadable).toEqual(['level', 'level']);
});
