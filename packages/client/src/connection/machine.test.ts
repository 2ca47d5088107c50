import { CLOSE_CODES, type ErrorCode, LOCK_RESUME_MS } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKOFF_MAX_MS, BACKOFF_MIN_MS, EAGER_BACKOFF_MAX_MS } from './backoff.ts';
import {
  ANSWER_LIMIT_MS,
  EAGER_ANSWER_LIMIT_MS,
  MANUAL_AFTER_MS,
  MANUAL_AFTER_TRIES,
  MAX_DRAINS,
  MAX_GAPS,
  STABLE_AFTER_MS,
  STOPPED,
  transition,
} from './machine.ts';
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
    const shown = [liveBefore, transition(liveBefore, drained(120), context).state].map((one) => publicState(one, 0));
    expect(shown.map(({ name }) => name)).toEqual(['live', 'reconnecting']);
    expect(trying.name).toBe('opening');
    expect(waitOf(transition(trying, lost, at(130)).effects)).toBeGreaterThanOrEqual(BACKOFF_MIN_MS);
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
    expect(waitOf(effects)).toBeGreaterThanOrEqual(BACKOFF_MIN_MS);
    expect(waitOf(transition(state, drained(9000), context).effects)).toBe(9000);
  });
});

describe('a lock that waits for its client', () => {
  const wasLive: Run = { ...run, wasLive: true, since: NOW, attempt: 8 };

  it('R2.3 makes it come back within its time: short waits, short tries', () => {
    const almost = { random: 1 - Number.EPSILON, isHolding: true };
    const early = transition({ name: 'opening', run: wasLive }, lost, at(3000, almost));
    expect(waitOf(early.effects)).toBe(EAGER_BACKOFF_MAX_MS);
    expect(transition(early.state, EVENTS.waited, at(4500, almost)).effects).toEqual([
      { type: 'open', limitMs: EAGER_ANSWER_LIMIT_MS },
    ]);
  });

  it('R2.3 is not waited for beyond it, nor without a lock', () => {
    for (const late of [at(LOCK_RESUME_MS, { isHolding: true, random: 0.99 }), at(3000, { random: 0.99 })]) {
      const { state, effects } = transition({ name: 'opening', run: wasLive }, lost, late);
      expect(waitOf(effects)).toBeGreaterThan(EAGER_BACKOFF_MAX_MS);
      expect(transition(state, EVENTS.retry, late).effects).toEqual([{ type: 'open', limitMs: ANSWER_LIMIT_MS }]);
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
      return publicState(state, 0).name;
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
      expect(publicState(state, 0)).toMatchObject({ name: 'manual', retryAt: NOW });
      state = transition(state, event, context).state;
    }
    expect(publicState(state, 0).name).toBe('manual');
    expect(waitOf(transition(state, lost, at(0, { random: 1 - Number.EPSILON })).effects)).toBe(BACKOFF_MAX_MS);
    state = transition(state, EVENTS.subscribed, context).state;
    expect(publicState(state, 0).name).toBe('live');
    expect(publicState(transition(state, lost, context).state, 0).name).toBe('reconnecting');
  });
});

describe('without a network', () => {
  const offline = at(0, { isOnline: false });

  it('R4.1 nothing is tried, and everything at once when there is one', () => {
    const { state, effects } = transition(STATES.live, lost, offline);
    expect([publicState(state, 0), types(effects)]).toEqual([{ name: 'offline', since: NOW }, ['drop']]);
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

const event: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constantFrom(...Object.values(EVENTS)),
  fc.record({
    type: fc.constant('closed' as const),
    code: fc.constantFrom(1000, 1006, 4401, 4403, 4503, 4999),
    error: fc.constantFrom(null, 'internal' as const),
  }),
  fc.record({
    type: fc.constant('closed' as const),
    code: fc.constant(CLOSE_CODES.draining),
    error: fc.constant(null),
    reconnectInMs: fc.nat(15_000),
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
                // A node that stops may ask for less.
                if (!('reconnectInMs' in event)) expect(effect.delayMs).toBeGreaterThanOrEqual(BACKOFF_MIN_MS);
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
