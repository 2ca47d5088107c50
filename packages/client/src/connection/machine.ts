/*
 *            start / retry                                    retry (a person), waited
 *  stopped ───────────────▶ opening ◀───────────────────────────────────────────────── waiting
 *     ▲                        │ opened                                                   ▲
 *     │ stop                   ▼                                                          │ lost: closed,
 *  (any state)              greeting                                                      │ malformed, silent,
 *                              │ welcomed                                                 │ unanswered, too many
 *              no cursor  ┌────┴────┐  cursor of this epoch                               │ gaps, snapshot failed
 *                         ▼         ▼                                          (any state with a socket)
 *                      loading ─▶ subscribing ◀───────────┐
 *                         ▲  loaded │   │ subscribed      │ gap
 *                   reset │         │   ▼                 │
 *                         ├─────────┘  catching-up ───────┤
 *                         ├────────────────┘  │ caught-up │
 *                         │                   ▼           │
 *                         └──────────────── live ─────────┘
 *
 *  closed 4401, snapshot 401 ─▶ needs-sign-in ─ retry ─▶ opening
 *  closed 4403 or another code that forbids to reconnect, snapshot refused ─▶ refused ─ retry ─▶ opening
 */
import { CLOSE_CODES, type ErrorCode, mayReconnect } from '@meldesync/protocol';
import { backoffMs } from './backoff.ts';
import type {
  Connected,
  Connection,
  ConnectionEffect,
  ConnectionEvent,
  Progress,
  Run,
  TransitionContext,
} from './states.ts';

/** A connection that was live this long has proved itself: the backoff starts anew when it is lost. */
export const STABLE_AFTER_MS = 20_000;
/** More gaps than this without a stable time in between, and the connection is given up. */
export const MAX_GAPS = 5;

export interface Transition {
  readonly state: Connection;
  readonly effects: readonly ConnectionEffect[];
}

type StateName = Connection['name'];
type EventType = ConnectionEvent['type'];
type StateOf<Name extends StateName> = Extract<Connection, { name: Name }>;
type EventOf<Type extends EventType> = Extract<ConnectionEvent, { type: Type }>;
type Handler<State, Type extends EventType> = (
  state: State,
  event: EventOf<Type>,
  context: TransitionContext,
) => Transition;
type Row<State> = { readonly [Type in EventType]: Handler<State, Type> };
type Table = { readonly [Name in StateName]: Row<StateOf<Name>> };

const stay = (state: Connection): Transition => ({ state, effects: [] });
const stop = (): Transition => ({ state: { name: 'stopped' }, effects: [{ type: 'drop', reason: 'stopped' }] });

const open = (run: Run): Transition => ({ state: { name: 'opening', run }, effects: [{ type: 'open' }] });
const openAnew = (_state: Connection, _event: ConnectionEvent, { now }: TransitionContext): Transition =>
  open({ attempt: 0, openedAt: now, since: now });
const openAgain = ({ run }: { readonly run: Run }, _event: ConnectionEvent, { now }: TransitionContext): Transition =>
  open({ ...run, openedAt: now });

/** Whether the connection was live long enough to forget what failed before. */
const isStable = (state: Connected, now: number): boolean =>
  state.name === 'live' && now - state.run.since >= STABLE_AFTER_MS;

/** The run once the store is no longer live. */
const runAfter = (state: Connected, now: number): Run => ({
  attempt: isStable(state, now) ? 0 : state.run.attempt,
  openedAt: state.run.openedAt,
  since: state.name === 'live' ? now : state.run.since,
});

/** The connection is gone and comes back after the backoff, or after what the server asked for if that is longer. */
function lose(state: Connected, { now, random }: TransitionContext, reason: string, atLeastMs = 0): Transition {
  const before = runAfter(state, now);
  const run: Run = { ...before, attempt: before.attempt + 1 };
  const delayMs = Math.max(backoffMs(run.attempt, random), atLeastMs);
  return {
    state: { name: 'waiting', run, retryAt: now + delayMs },
    effects: [
      { type: 'drop', reason },
      { type: 'wait', delayMs },
    ],
  };
}

const loseBecause =
  (reason: string) =>
  (state: Connected, _event: ConnectionEvent, context: TransitionContext): Transition =>
    lose(state, context, reason);

const signIn = (): Transition => ({
  state: { name: 'needs-sign-in' },
  effects: [{ type: 'drop', reason: 'sign-in needed' }],
});
const refuse = (code: ErrorCode): Transition => ({
  state: { name: 'refused', code },
  effects: [{ type: 'drop', reason: 'refused' }],
});

const REFUSAL_OF_CODE: Readonly<Record<number, ErrorCode>> = {
  [CLOSE_CODES.badRequest]: 'invalid-message',
  [CLOSE_CODES.forbidden]: 'forbidden',
};

function closed(state: Connected, { code, error }: EventOf<'closed'>, context: TransitionContext): Transition {
  if (code === CLOSE_CODES.unauthenticated) return signIn();
  if (!mayReconnect(code)) return refuse(error ?? REFUSAL_OF_CODE[code] ?? 'bad-request');
  return lose(state, context, 'closed');
}

function snapshotFailed(state: Connected, event: EventOf<'snapshot-failed'>, context: TransitionContext): Transition {
  if (event.code === 'unauthenticated') return signIn();
  if (!event.retryable) return refuse(event.code);
  return lose(state, context, 'snapshot failed', event.retryAfterMs ?? 0);
}

const load = (run: Run, before: readonly ConnectionEffect[]): Transition => ({
  state: { name: 'loading', run, snapshot: { loaded: 0, total: null } },
  effects: [...before, { type: 'load-snapshot' }],
});
const subscribe = (
  run: Run,
  { gaps = 0, snapshot = null }: { readonly gaps?: number; readonly snapshot?: Progress | null },
  before: readonly ConnectionEffect[] = [],
): Transition => ({
  state: { name: 'subscribing', run, gaps, snapshot },
  effects: [...before, { type: 'send-subscribe' }],
});
const reset = (state: Connected, _event: ConnectionEvent, { now }: TransitionContext): Transition =>
  load(runAfter(state, now), []);
const goLive = ({ run, gaps }: { readonly run: Run; readonly gaps: number }, now: number): Transition => ({
  state: { name: 'live', run: { ...run, since: now }, gaps, roundTripMs: null },
  effects: [{ type: 'disarm' }],
});

/** Asks for what is missing; a server that leaves gaps again and again is left. */
function fillGap(
  state: Connected & { readonly gaps: number },
  _event: ConnectionEvent,
  context: TransitionContext,
): Transition {
  const gaps = isStable(state, context.now) ? 1 : state.gaps + 1;
  return gaps > MAX_GAPS ? lose(state, context, 'gaps') : subscribe(runAfter(state, context.now), { gaps });
}

/** A state without a socket: nothing can come over it any more. */
const idle: Row<Connection> = {
  start: stay,
  stop,
  retry: openAnew,
  waited: stay,
  opened: stay,
  closed: stay,
  welcomed: stay,
  'page-loaded': stay,
  'snapshot-loaded': stay,
  'snapshot-failed': stay,
  subscribed: stay,
  'caught-up': stay,
  gap: stay,
  reset: stay,
  ponged: stay,
  malformed: stay,
  unanswered: stay,
  silent: stay,
};

/** A state with a socket: what ends it, and what each state below says for itself. */
const connected: Row<Connected> = {
  ...idle,
  retry: stay,
  closed,
  malformed: loseBecause('malformed message'),
  unanswered: loseBecause('no answer'),
  silent: loseBecause('silence'),
};

const TABLE: Table = {
  stopped: { ...idle, start: openAnew, stop: stay, retry: stay },
  waiting: { ...idle, retry: openAgain, waited: openAgain },
  'needs-sign-in': idle,
  refused: idle,
  opening: {
    ...connected,
    opened: ({ run }) => ({ state: { name: 'greeting', run }, effects: [{ type: 'send-hello' }] }),
  },
  greeting: {
    ...connected,
    welcomed: ({ run }, { canContinue }) =>
      canContinue ? subscribe(run, {}, [{ type: 'go-online' }]) : load(run, [{ type: 'go-online' }]),
  },
  loading: {
    ...connected,
    'page-loaded': (state, { loaded, total }) => stay({ ...state, snapshot: { loaded, total } }),
    'snapshot-loaded': ({ run, snapshot }) => subscribe(run, { snapshot }),
    'snapshot-failed': snapshotFailed,
  },
  subscribing: {
    ...connected,
    reset,
    subscribed: (state, { isCurrent }, { now }) =>
      isCurrent
        ? goLive(state, now)
        : { state: { ...state, name: 'catching-up' }, effects: [{ type: 'await-frames' }] },
  },
  'catching-up': {
    ...connected,
    reset,
    'caught-up': (state, _event, { now }) => goLive(state, now),
    gap: fillGap,
  },
  live: {
    ...connected,
    reset,
    gap: fillGap,
    ponged: (state, { roundTripMs }) => stay({ ...state, roundTripMs }),
  },
};

/** The state before `start`. */
export const STOPPED: Connection = { name: 'stopped' };

/** What becomes of the connection when something happens to it. Pure: the runner carries out the effects. */
export function transition(state: Connection, event: ConnectionEvent, context: TransitionContext): Transition {
  // The table is total by its type; TypeScript cannot relate the two lookups, so the pair is joined here once.
  const handler = TABLE[state.name][event.type] as Handler<Connection, EventType>;
  return handler(state, event, context);
}
