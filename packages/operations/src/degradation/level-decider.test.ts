import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LevelDecider } from './level-decider.ts';
import { effectiveLevel, readLevel } from './stored-level.ts';

const START = Date.parse('2026-01-22T10:00:00.000Z');
const NONE = { reduced: Infinity, minimal: Infinity, manual: Infinity };
const LIMITS = {
  limits: {
    latencyMs: NONE,
    feedSeconds: NONE,
    feedBytes: NONE,
    errorShare: NONE,
    memoryShare: NONE,
    poolWaiting: NONE,
  },
  afterMs: 10_000,
  backMs: 30_000,
};

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A process that may decide, beside a Redis that keeps what it decides and what a person chose. */
function decideBeside(stored: { decision: string | null; chosen: string | null }) {
  const decider = new LevelDecider({
    process: 'p1',
    board: {
      read: () => Promise.resolve({ ...stored }),
      lead: () => Promise.resolve(true),
      decide: (_process, decision) => {
        stored.decision = decision;
        return Promise.resolve(true);
      },
      resign: () => Promise.resolve(),
      choose: () => Promise.resolve(),
    },
    statuses: () => Promise.resolve([]),
    limits: LIMITS,
    onUnreadable: ({ reason }) => {
      throw new Error(reason);
    },
    now: () => Date.now() - START,
  });
  return async (seconds: number) => {
    vi.setSystemTime(START + seconds * 1_000);
    await decider.decide();
    return effectiveLevel(
      readLevel(stored, () => {}),
      '',
    );
  };
}

const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();

it('R5.4 says since when the level holds: after what a person chose, since that ended', async () => {
  const stored: { decision: string | null; chosen: string | null } = { decision: null, chosen: null };
  const decide = decideBeside(stored);
  await decide(0);
  expect(await decide(60)).toMatchObject({ name: 'normal', since: at(0) });
  stored.chosen = JSON.stringify({ level: 'manual', since: at(61), by: 'user:u1' });
  await decide(62);
  expect(await decide(240)).toMatchObject({ name: 'manual', since: at(61), chosenBy: 'person' });
  stored.chosen = null;
  expect(await decide(242)).toMatchObject({ name: 'normal', since: at(240), chosenBy: 'measured' });
  expect(await decide(300)).toMatchObject({ since: at(240) });
});
