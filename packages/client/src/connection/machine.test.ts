import { CLOSE_CODES, type ErrorCode } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from './backoff.ts';
import { MAX_GAPS, STABLE_AFTER_MS, STOPPED, transition } from './machine.ts';
import { publicState } from './public-state.ts';
import type { Connection, ConnectionEffect, ConnectionEvent, Run, TransitionContext } from './states.ts';

const NOW = 1_700_000_000_000;
const context: TransitionContext = { now: NOW, random: 0.5, isOnline: true, isHolding: false };
const run: Run = {
  attempt: 0,
  openedAt: NOW - 100,
  since: NOW - 100,
  wasLive: false,
  drains: 0,
  isManual: false,
};

const STATES: { readonly [Name in Connection['name']]: Extract<Connection, { name: Name }> } = {
  stopped: { name: 'stopped' },
  opening: { name: 'opening', run },
  greeting: { name: 'greeting', run },
  loading: { name: 'loading', run, snapshot: { loaded: 0, total: null } },
  subscribing: { name: 'subscribing', run, gaps: 0, snapshot: null },
  'catching-up': { name: 'catching-up', run, gaps: 0, snapshot: null },
  live: { name: 'live', run, gaps: 0, roundTripMs: null },
  waiting: { name: 'waiting', run, retryAt: NOW + 100 },
  offline: { name: 'offline', run },
  'needs-sign-in': { name: 'needs-sign-in' },
  refused: { name: 'refused', code: 'forbidden' },
};

const EVENTS: { readonly [Type in ConnectionEvent['type']]: Extract<ConnectionEvent, { type: Type }> } = {
  start: { type: 'start' },
  stop: { type: 'stop' },
  retry: { type: 'retry' },
  waited: { type: 'waited' },
  opened: { type: 'opened' },
  closed: { type: 'closed', code: 1006, error: null },
  welcomed: { type: 'welcomed', canContinue: true },
  'page-loaded': { type: 'page-loaded', loaded: 5, total: 10 },
  'snapshot-loaded': { type: 'snapshot-loaded' },
  'snapshot-failed': { type: 'snapshot-failed', code: 'unavailable', retryable: true, retryAfterMs: null },
  subscribed: { type: 'subscribed', isCurrent: true },
  'caught-up': { type: 'caught-up' },
  gap: { type: 'gap' },
  reset: { type: 'reset' },
  ponged: { type: 'ponged', roundTripMs: 7 },
  malformed: { type: 'malformed' },
  unanswered: { type: 'unanswered' },
  silent: { type: 'silent' },
  'came-online': { type: 'came-online' },
  'went-offline': { type: 'went-offline' },
  woke: { type: 'woke' },
  'signed-out': { type: 'signed-out' },
};

const WITH_SOCKET: ReadonlySet<Connection['name']> = new Set([
  'opening',
  'greeting',
  'loading',
  'subscribing',
  'catching-up',
  'live',
]);

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

const types = (effects: readonly ConnectionEffect[]): string[] => effects.map((effect) => effect.type);

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
    expect(publicState(state, 0)).toEqual(expected);
    expect(types(effects)).toEqual(['drop']);
  });

  it.each([
    1000,
    1001,
    1006,
    1009,
    CLOSE_CODES.internal,
    CLOSE_CODES.draining,
    CLOSE_CODES.helloTimeout,
    CLOSE_CODES.slow,
    CLOSE_CODES.rateLimited,
  ])('R4.1 comes back after close code %i', (code) => {
    const { state, effects } = transition(STATES.live, { type: 'closed', code, error: null }, context);
    expect(state.name).toBe('waiting');
    expect(types(effects)).toEqual(['drop', 'wait']);
  });

  it.each([
    ['unauthenticated', false, 'needs-sign-in'],
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
      expect(publicState(state, 0)).toMatchObject({ name: 'reconnecting', attempt: i, since: NOW });
      state = transition(state, EVENTS.closed, { ...context, now: NOW + i * 1000 }).state;
    }
  });
});

const event: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constantFrom(...Object.values(EVENTS)),
  fc.record({
    type: fc.constant('closed' as const),
    code: fc.constantFrom(1000, 1006, 4401, 4403, 4503, 4999),
    error: fc.constantFrom(null, 'internal' as const),
  }),
  fc.record({ type: fc.constant('welcomed' as const), canContinue: fc.boolean() }),
  fc.record({ type: fc.constant('subscribed' as const), isCurrent: fc.boolean() }),
);

describe('transitions in any order', () => {
  it('own exactly what the state needs: a socket, or a timer to the next try, or neither', () => {
    const step = fc.record({
      event,
      random: fc.double({ min: 0, max: 1 - Number.EPSILON, noNaN: true }),
      elapsedMs: fc.nat(30_000),
      isOnline: fc.boolean(),
      isHolding: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
        let state = STOPPED;
        let now = NOW;
        let hasSocket = false;
        let mayTalk = false;
        let isWaiting = false;
        for (const { event, random, elapsedMs, isOnline, isHolding } of steps) {
          now += elapsedMs;
          const result = transition(state, event, { now, random, isOnline, isHolding });
          for (const effect of result.effects) {
            switch (effect.type) {
              case 'open':
                expect(hasSocket).toBe(false);
                hasSocket = true;
                isWaiting = false;
                break;
              case 'drop':
                hasSocket = false;
                mayTalk = false;
                isWaiting = false;
                break;
              case 'go-online':
                mayTalk = true;
                break;
              case 'wait':
                expect(hasSocket).toBe(false);
                expect(effect.delayMs).toBeGreaterThanOrEqual(BACKOFF_MIN_MS);
                expect(effect.delayMs).toBeLessThanOrEqual(BACKOFF_MAX_MS);
                isWaiting = true;
                break;
              case 'send-subscribe':
              case 'load-snapshot':
              case 'probe':
                expect(mayTalk).toBe(true);
                break;
              case 'send-hello':
              case 'await-frames':
              case 'disarm':
                expect(hasSocket).toBe(true);
                break;
            }
          }
          state = result.state;
          expect(hasSocket).toBe(WITH_SOCKET.has(state.name));
          expect(isWaiting).toBe(state.name === 'waiting');
        }
        expect(transition(state, EVENTS.stop, { ...context, now, random: 0 }).state.name).toBe('stopped');
      }),
      { numRuns: 500 },
    );
  });
});
