import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ProcessStatus } from '../status/process-status.ts';
import { type DecidedLevel, LevelDecider } from './level-decider.ts';
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

interface Beside {
  readonly statuses?: () => readonly ProcessStatus[];
  readonly onDecided?: (decided: DecidedLevel) => void;
}

/** A process that may decide, beside a Redis that keeps what it decides and what a person chose. */
function decideBeside(
  stored: { decision: string | null; chosen: string | null },
  { statuses = () => [], onDecided }: Beside = {},
) {
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
    statuses: () => Promise.resolve(statuses()),
    limits: LIMITS,
    onDecided,
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

/** A node where so many requests wait for connections. */
function statusWith(waiting: number): ProcessStatus {
  return {
    name: 'one',
    kind: 'node',
    version: '1',
    startedAt: '',
    usable: true,
    live: true,
    missing: [],
    format: 1,
    memoryBytes: 100,
    memoryLimitBytes: 1_000,
    cpu: 0,
    eventLoopDelayMs: 0,
    canaryAgeMs: null,
    pool: { used: 0, idle: 0, waiting },
  };
}

it('R5.1 R5.4 tells once of each level that it has decided on, and of none while a person has chosen one', async () => {
  const stored: { decision: string | null; chosen: string | null } = { decision: null, chosen: null };
  const decided: DecidedLevel[] = [];
  let waiting = 0;
  const limits = LIMITS.limits.poolWaiting;
  LIMITS.limits.poolWaiting = { reduced: 20, minimal: Infinity, manual: Infinity };
  try {
    const decide = decideBeside(stored, {
      statuses: () => [statusWith(waiting)],
      onDecided: (one) => decided.push(one),
    });
    waiting = 100;
    for (const seconds of [0, 4, 8, 12, 16]) await decide(seconds);
    waiting = 0;
    for (let seconds = 18; seconds <= 60; seconds += 4) await decide(seconds);
    expect(decided.map(({ before, level }) => [before, level])).toEqual([
      ['normal', 'reduced'],
      ['reduced', 'normal'],
    ]);
    expect(decided[0]?.reasons).toMatchObject([{ cause: 'pool', value: 100, limit: 20 }]);
    stored.chosen = JSON.stringify({ level: 'manual', since: at(61), by: 'user:u1' });
    waiting = 100;
    for (let seconds = 62; seconds <= 90; seconds += 4) await decide(seconds);
    expect(decided).toHaveLength(2);
  } finally {
    LIMITS.limits.poolWaiting = limits;
  }
});
