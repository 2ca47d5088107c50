import type {
  Connection,
  ConnectionEffect,
  ConnectionEvent,
  Run,
  TransitionContext,
} from '../src/connection/states.ts';

export const NOW = 1_700_000_000_000;
/** With the middle of every random wait. */
export const context: TransitionContext = { now: NOW, random: 0.5, isOnline: true, isHolding: false };
export const run: Run = {
  attempt: 0,
  openedAt: NOW - 100,
  since: NOW - 100,
  wasLive: false,
  roundTripMs: null,
  drains: 0,
  isManual: false,
};

/** One of each state. */
export const STATES: { readonly [Name in Connection['name']]: Extract<Connection, { name: Name }> } = {
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

/** One of each event. */
export const EVENTS: { readonly [Type in ConnectionEvent['type']]: Extract<ConnectionEvent, { type: Type }> } = {
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

export const types = (effects: readonly ConnectionEffect[]): string[] => effects.map((effect) => effect.type);
