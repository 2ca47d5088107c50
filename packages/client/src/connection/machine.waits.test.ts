import { BACKOFF, CLOSE_CODES, LOCK_RESUME_MS } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { context, EVENTS, NOW, run, STATES, types } from '../../test/connection-samples.ts';
import {
  EAGER_OPEN_LIMIT_MS,
  MANUAL_AFTER_MS,
  MANUAL_AFTER_TRIES,
  MAX_DRAINS,
  OPEN_LIMIT_MS,
  OPEN_ROUND_TRIPS,
  QUICK_OPEN_LIMIT_MS,
  transition,
} from './machine.ts';
import { publicState } from './public-state.ts';
import type { Connection, ConnectionEffect, ConnectionEvent, Run, TransitionContext } from './states.ts';

const lost: ConnectionEvent = { type: 'closed', code: 1006, error: null };
const at = (afterMs: number, more: Partial<TransitionContext> = {}): TransitionContext => ({
  ...context,
  now: NOW + afterMs,
  ...more,
});
const waitOf = (effects: readonly ConnectionEffect[]): number | undefined =>
  effects.flatMap((effect) => (effect.type === 'wait' ? [effect.delayMs] : []))[0];

describe('a node that stops', () => {
  const drained = (reconnectInMs: number): ConnectionEvent => ({
    type: 'closed',
    code: CLOSE_CODES.draining,
    error: null,
    reconnectInMs,
  });

  it('R4.1 is left for as long as it said, which is no failure and shows as reconnecting', () => {
    const { state, effects } = transition(STATES.live, drained(120), context);
    expect(waitOf(effects)).toBe(120);
    expect(state).toMatchObject({ name: 'waiting', run: { attempt: 0 } });
    const trying = transition(state, EVENTS.waited, at(120)).state;
    const liveBefore = transition({ ...STATES.subscribing }, EVENTS.subscribed, context).state;
    const shown = [liveBefore, transition(liveBefore, drained(120), context).state].map((one) =>
      publicState(one, { everyMs: 0, staleSince: null }),
    );
    expect(shown.map(({ name }) => name)).toEqual(['live', 'reconnecting']);
    expect(trying.name).toBe('opening');
    expect(waitOf(transition(trying, lost, at(130)).effects)).toBeGreaterThanOrEqual(BACKOFF.usual.minMs);
  });

  it('R4.1 counts as failed once several in a row have sent the client on, so that it never runs in circles', () => {
    let state: Connection = STATES.live;
    for (let i = 0; i < MAX_DRAINS; i++) {
      state = transition(state, drained(0), context).state;
      expect(state).toMatchObject({ name: 'waiting', run: { attempt: 0 } });
      state = transition(state, EVENTS.waited, context).state;
    }
    const { state: last, effects } = transition(state, drained(0), context);
    expect(last).toMatchObject({ name: 'waiting', run: { attempt: 1 } });
    expect(waitOf(effects)).toBeGreaterThanOrEqual(BACKOFF.usual.minMs);
    expect(waitOf(transition(state, drained(9000), context).effects)).toBe(9000);
  });
});

describe('a lock that waits for its client', () => {
  const wasLive: Run = { ...run, wasLive: true, since: NOW, attempt: 8 };

  it('R2.3 makes it come back within its time: short waits, short tries', () => {
    const almost = { random: 1 - Number.EPSILON, isHolding: true };
    const early = transition({ name: 'opening', run: wasLive }, lost, at(3000, almost));
    expect(waitOf(early.effects)).toBe(BACKOFF.eager.maxMs);
    expect(transition(early.state, EVENTS.waited, at(4500, almost)).effects).toEqual([
      { type: 'open', limitMs: EAGER_OPEN_LIMIT_MS },
    ]);
  });

  it('R2.3 is not waited for beyond it, nor without a lock', () => {
    for (const late of [at(LOCK_RESUME_MS, { isHolding: true, random: 0.99 }), at(3000, { random: 0.99 })]) {
      const { state, effects } = transition({ name: 'opening', run: wasLive }, lost, late);
      expect(waitOf(effects)).toBeGreaterThan(BACKOFF.eager.maxMs);
      expect(transition(state, EVENTS.retry, late).effects).toEqual([{ type: 'open', limitMs: OPEN_LIMIT_MS }]);
    }
  });
});

describe('a connection that does not come about', () => {
  it('R4.3 is left to the person after so many tries and so long, whichever is later, until it is live again', () => {
    const name = (attempt: number, afterMs: number): string => {
      const { state } = transition(
        { name: 'opening', run: { ...run, since: NOW, attempt: attempt - 1 } },
        lost,
        at(afterMs),
      );
      return publicState(state, { everyMs: 0, staleSince: null }).name;
    };
    expect(name(MANUAL_AFTER_TRIES, MANUAL_AFTER_MS)).toBe('manual');
    expect(name(MANUAL_AFTER_TRIES - 1, 10 * MANUAL_AFTER_MS)).toBe('reconnecting');
    expect(name(100, MANUAL_AFTER_MS - 1)).toBe('reconnecting');
  });

  it('R4.3 goes on being tried, shown as manual throughout, with the longest backoff', () => {
    const manual: Run = { ...run, attempt: MANUAL_AFTER_TRIES, isManual: true };
    let state: Connection = { name: 'waiting', run: manual, retryAt: NOW };
    state = transition(state, EVENTS.waited, context).state;
    for (const event of [EVENTS.opened, EVENTS.welcomed]) {
      expect(publicState(state, { everyMs: 0, staleSince: null })).toMatchObject({ name: 'manual', retryAt: NOW });
      state = transition(state, event, context).state;
    }
    expect(publicState(state, { everyMs: 0, staleSince: null }).name).toBe('manual');
    expect(waitOf(transition(state, lost, at(0, { random: 1 - Number.EPSILON })).effects)).toBe(BACKOFF.usual.maxMs);
    state = transition(state, EVENTS.subscribed, context).state;
    expect(publicState(state, { everyMs: 0, staleSince: null }).name).toBe('live');
    expect(publicState(transition(state, lost, context).state, { everyMs: 0, staleSince: null }).name).toBe(
      'reconnecting',
    );
  });
});

describe('a line that swallows every try', () => {
  it('R4.1 keeps nobody away for 10 s after it carries again, whenever that is and whatever was drawn', () => {
    for (const attempt of [1, 3, 60]) {
      const tried: Run = { ...run, attempt, openedAt: NOW };
      for (const state of [
        { name: 'opening', run: tried },
        { name: 'greeting', run: tried },
      ] as const) {
        const { effects } = transition(state, EVENTS.unanswered, at(OPEN_LIMIT_MS, { random: 1 - Number.EPSILON }));
        expect(OPEN_LIMIT_MS + (waitOf(effects) ?? Number.NaN)).toBeLessThanOrEqual(8_000);
      }
    }
  });

  it('R4.1 keeps nobody away for 5 s whose line was quick; one that was slow has the time it needs', () => {
    const live = (roundTripMs: number): Connection => ({ ...STATES.live, gaps: 0, roundTripMs });
    const limitAfter = (roundTripMs: number): number => {
      const { state } = transition(live(roundTripMs), EVENTS.silent, context);
      const { effects } = transition(state, EVENTS.waited, context);
      return effects.flatMap((effect) => (effect.type === 'open' ? [effect.limitMs] : []))[0] ?? Number.NaN;
    };
    expect(limitAfter(3) + BACKOFF.usual.firstMaxMs).toBeLessThan(5_000);
    expect(BACKOFF.usual.maxMs).toBeLessThan(5_000);
    expect([3, 400, 5_000].map(limitAfter)).toEqual([QUICK_OPEN_LIMIT_MS, 400 * OPEN_ROUND_TRIPS, OPEN_LIMIT_MS]);
    // It is remembered over tries that fail; a server that has opened the socket has longer to greet.
    const lostAgain = transition(transition(live(3), EVENTS.silent, context).state, EVENTS.waited, context).state;
    const again = transition(transition(lostAgain, EVENTS.unanswered, at(2_500)).state, EVENTS.waited, at(5_000));
    expect(again.effects).toEqual([{ type: 'open', limitMs: QUICK_OPEN_LIMIT_MS }]);
    expect(transition(again.state, EVENTS.opened, at(5_100)).effects).toEqual([
      { type: 'send-hello', limitMs: OPEN_LIMIT_MS },
    ]);
  });

  it('R4.1 leaves some of the wait to chance, and nothing is taken off after an answer', () => {
    const tried: Run = { ...run, attempt: 60, openedAt: NOW };
    const after = (name: 'opening' | 'loading', random: number) =>
      waitOf(transition({ ...STATES[name], run: tried }, lost, at(OPEN_LIMIT_MS, { random })).effects);
    expect([after('opening', 0), after('opening', 1 - Number.EPSILON)]).toEqual([
      BACKOFF.usual.minMs,
      BACKOFF.usual.firstMaxMs,
    ]);
    expect(after('loading', 1 - Number.EPSILON)).toBe(BACKOFF.usual.maxMs);
  });
});

describe('without a network', () => {
  const offline = at(0, { isOnline: false });

  it('R4.1 nothing is tried, and everything at once when there is one', () => {
    const { state, effects } = transition(STATES.live, lost, offline);
    expect([publicState(state, { everyMs: 0, staleSince: null }), types(effects)]).toEqual([
      { name: 'offline', since: NOW },
      ['drop'],
    ]);
    expect(transition(STATES.stopped, EVENTS.start, offline).state.name).toBe('offline');
    const back = transition(state, EVENTS['came-online'], context);
    expect(back.state).toMatchObject({ name: 'opening', run: { attempt: 0, isManual: false } });
    expect(transition(STATES.waiting, EVENTS['came-online'], context).state.name).toBe('opening');
  });

  it('a person may know better', () => {
    expect(transition(STATES.offline, EVENTS.retry, offline).state.name).toBe('opening');
    expect(transition(STATES.offline, EVENTS.woke, offline).state.name).toBe('offline');
  });

  it('a connection that works stays, but is looked at', () => {
    for (const event of [EVENTS['went-offline'], EVENTS['came-online'], EVENTS.woke]) {
      expect(transition(STATES.live, event, offline)).toEqual({ state: STATES.live, effects: [{ type: 'probe' }] });
    }
  });
});
