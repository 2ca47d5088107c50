import { CLOSE_CODES, CLOSE_RULES, type CloseRule, type ErrorCode } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { context, EVENTS, NOW, run, STATES, types } from '../../test/connection-samples.ts';
import { MAX_GAPS, STABLE_AFTER_MS, transition } from './machine.ts';
import { publicState } from './public-state.ts';
import type { Connection, ConnectionEvent } from './states.ts';

/** The next state of every pair that does not stay as it is. */
const MOVES: { readonly [Name in Connection['name']]: Partial<Record<ConnectionEvent['type'], Connection['name']>> } = {
  stopped: { start: 'opening' },
  opening: {
    stop: 'stopped',
    'signed-out': 'needs-sign-in',
    opened: 'greeting',
    'went-offline': 'offline',
    closed: 'waiting',
    malformed: 'waiting',
    unanswered: 'waiting',
    silent: 'waiting',
  },
  greeting: {
    stop: 'stopped',
    'signed-out': 'needs-sign-in',
    welcomed: 'subscribing',
    closed: 'waiting',
    malformed: 'waiting',
    unanswered: 'waiting',
    silent: 'waiting',
  },
  loading: {
    stop: 'stopped',
    'signed-out': 'needs-sign-in',
    'snapshot-loaded': 'subscribing',
    'snapshot-failed': 'waiting',
    closed: 'waiting',
    malformed: 'waiting',
    unanswered: 'waiting',
    silent: 'waiting',
  },
  subscribing: {
    stop: 'stopped',
    'signed-out': 'needs-sign-in',
    subscribed: 'live',
    reset: 'loading',
    closed: 'waiting',
    malformed: 'waiting',
    unanswered: 'waiting',
    silent: 'waiting',
  },
  'catching-up': {
    stop: 'stopped',
    'signed-out': 'needs-sign-in',
    'caught-up': 'live',
    gap: 'subscribing',
    reset: 'loading',
    closed: 'waiting',
    malformed: 'waiting',
    unanswered: 'waiting',
    silent: 'waiting',
  },
  live: {
    stop: 'stopped',
    'signed-out': 'needs-sign-in',
    gap: 'subscribing',
    reset: 'loading',
    closed: 'waiting',
    malformed: 'waiting',
    unanswered: 'waiting',
    silent: 'waiting',
  },
  waiting: {
    stop: 'stopped',
    'signed-out': 'needs-sign-in',
    waited: 'opening',
    retry: 'opening',
    woke: 'opening',
    'came-online': 'opening',
    'went-offline': 'offline',
  },
  offline: {
    stop: 'stopped',
    'signed-out': 'needs-sign-in',
    retry: 'opening',
    woke: 'opening',
    'came-online': 'opening',
  },
  'needs-sign-in': { stop: 'stopped', retry: 'opening' },
  refused: { stop: 'stopped', retry: 'opening' },
};

describe('transition table', () => {
  for (const state of Object.values(STATES)) {
    it(`leads from ${state.name} where it should for every event`, () => {
      for (const event of Object.values(EVENTS)) {
        const next = transition(state, event, context).state.name;
        expect(`${event.type} → ${next}`).toBe(`${event.type} → ${MOVES[state.name][event.type] ?? state.name}`);
      }
    });
  }

  it('says hello, loads without a cursor of this epoch, subscribes with one', () => {
    expect(types(transition(STATES.opening, EVENTS.opened, context).effects)).toEqual(['send-hello']);
    const cold = transition(STATES.greeting, { type: 'welcomed', canContinue: false }, context);
    expect([cold.state.name, ...types(cold.effects)]).toEqual(['loading', 'go-online', 'load-snapshot']);
    const warm = transition(STATES.greeting, { type: 'welcomed', canContinue: true }, context);
    expect([warm.state.name, ...types(warm.effects)]).toEqual(['subscribing', 'go-online', 'send-subscribe']);
  });

  it('is live only once everything up to the head is there', () => {
    const behind = transition(STATES.subscribing, { type: 'subscribed', isCurrent: false }, context).state;
    expect(behind.name).toBe('catching-up');
    expect(transition(behind, EVENTS['caught-up'], context).state.name).toBe('live');
  });

  it.each([
    [CLOSE_CODES.unauthenticated, null, { name: 'needs-sign-in' }],
    [CLOSE_CODES.forbidden, null, { name: 'refused', code: 'forbidden' }],
    [CLOSE_CODES.forbidden, 'workspace-not-found', { name: 'refused', code: 'workspace-not-found' }],
    [CLOSE_CODES.badRequest, null, { name: 'refused', code: 'invalid-message' }],
    [4499, null, { name: 'refused', code: 'bad-request' }],
  ] as const)('ends on close code %i with error %s', (code, error, expected) => {
    const { state, effects } = transition(
      STATES.live,
      { type: 'closed', code, error: error as ErrorCode | null },
      context,
    );
    expect(publicState(state, { everyMs: 0, staleSince: null })).toEqual(expected);
    expect(types(effects)).toEqual(['drop']);
  });

  it.each<CloseRule>(Object.values(CLOSE_RULES))('R4.1 P46 does after $code what the table says', (rule) => {
    const { state } = transition(STATES.live, { type: 'closed', code: rule.code, error: null }, context);
    const expected = {
      'back-off': { name: 'waiting', run: { attempt: STATES.live.run.attempt + 1 } },
      'when-told': { name: 'waiting' },
      'sign-in': { name: 'needs-sign-in' },
      refuse: { name: 'refused', code: rule.person },
    };
    expect(state).toMatchObject(expected[rule.client]);
  });

  it.each([1000, 1011, 4599])('R4.1 comes back after close code %i, which is in no table', (code) => {
    const { state, effects } = transition(STATES.live, { type: 'closed', code, error: null }, context);
    expect(state.name).toBe('waiting');
    expect(types(effects)).toEqual(['drop', 'wait']);
  });

  it.each([
    ['unauthenticated', false, 'needs-sign-in'],
    ['signed-in-as-another', false, 'needs-sign-in'],
    ['forbidden', false, 'refused'],
    ['workspace-not-found', false, 'refused'],
    ['rate-limited', true, 'waiting'],
    ['unavailable', true, 'waiting'],
  ] as const)('leads from a snapshot that failed with %s (retryable: %s) to %s', (code, retryable, name) => {
    const event = { type: 'snapshot-failed', code, retryable, retryAfterMs: null } as const;
    expect(transition(STATES.loading, event, context).state.name).toBe(name);
  });

  it('waits as long as the server asked for', () => {
    const event = { type: 'snapshot-failed', code: 'rate-limited', retryable: true, retryAfterMs: 60_000 } as const;
    const { state } = transition(STATES.loading, event, context);
    expect(state).toMatchObject({ retryAt: NOW + 60_000 });
  });

  it('counts tries until the connection was stable, so that one that keeps breaking backs off (R4.1)', () => {
    const live = (since: number): Connection => ({ ...STATES.live, run: { ...run, attempt: 4, since } });
    const early = transition(live(NOW - STABLE_AFTER_MS + 1), EVENTS.closed, context).state;
    const late = transition(live(NOW - STABLE_AFTER_MS), EVENTS.closed, context).state;
    expect([early, late]).toMatchObject([{ run: { attempt: 5 } }, { run: { attempt: 1 } }]);
  });

  it('gives up a connection that leaves gap after gap', () => {
    let state: Connection = STATES.live;
    for (let i = 0; i < MAX_GAPS; i++) {
      state = transition(state, EVENTS.gap, context).state;
      expect(state.name).toBe('subscribing');
      state = transition(state, EVENTS.subscribed, context).state;
    }
    expect(transition(state, EVENTS.gap, context).state.name).toBe('waiting');
  });

  it('keeps saying since when the data are old while it tries again (R4.3)', () => {
    let state = transition(STATES.live, EVENTS.closed, context).state;
    for (let i = 1; i < 5; i++) {
      state = transition(state, EVENTS.waited, { ...context, now: NOW + i * 1000 }).state;
      expect(publicState(state, { everyMs: 0, staleSince: null })).toMatchObject({
        name: 'reconnecting',
        attempt: i,
        since: NOW,
      });
      state = transition(state, EVENTS.closed, { ...context, now: NOW + i * 1000 }).state;
    }
  });
});
