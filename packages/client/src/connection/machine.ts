/*
 *            start / retry                                  retry (a person), waited, came-online, woke
 *  stopped ───────────────▶ opening ◀───────────────────────────────────────────────── waiting
 *     ▲                        │ opened                        came-online,         ▲     │ went-offline
 *     │ stop                   ▼                               retry, woke          │     ▼
 *  (any state)              greeting                    opening ◀─────────────────  │  offline
 *                              │ welcomed                                           │     ▲
 *              no cursor  ┌────┴────┐  cursor of this epoch            lost: closed, malformed, silent, unanswered,
 *                         ▼         ▼                                  too many gaps, snapshot failed
 *                      loading ─▶ subscribing ◀───────────┐             (any state with a socket; offline when
 *                         ▲  loaded │   │ subscribed      │ gap          there is no network)
 *                   reset │         │   ▼                 │
 *                         ├─────────┘  catching-up ───────┤
 *                         ├────────────────┘  │ caught-up │
 *                         │                   ▼           │
 *                         └──────────────── live ─────────┘
 *
 *  closed 4401, snapshot 401 or of another person, signed-out ─▶ needs-sign-in ─ retry ─▶ opening
 *  closed 4403 or another code that forbids to reconnect, snapshot refused ─▶ refused ─ retry ─▶ opening
 *  closed 4503 ─▶ waiting, as long as the node said and without a try being counted
 */
import { BACKOFF, consequenceOf, type ErrorCode, LOCK_RESUME_MS } from '@meldesync/protocol';
import { isSessionOver } from '../errors/sync-error.ts';
import { backoffMs } from '../timing/backoff.ts';
import type {
  Connected,
  Connection,
  ConnectionEffect,
  ConnectionEvent,
  DropReason,
  Progress,
  Run,
  TransitionContext,
} from './states.ts';

/** A connection that was live this long has proved itself: the backoff starts anew when it is lost. */
export const STABLE_AFTER_MS = 20_000;
/** More gaps than this without a stable time in between, and the connection is given up. */
export const MAX_GAPS = 5;
/** Nodes that stop may send a client on so often before it is live; one more counts as a try that failed. */
export const MAX_DRAINS = 3;
/**
 * After so many failed tries and so long without being live, both, the person is told that it is up to them (R4.3).
 * A restart of the service is over by then; a proxy that lets no WebSocket through is not. Looked at with each try.
 */
export const MANUAL_AFTER_TRIES = 5;
export const MANUAL_AFTER_MS = 60_000;
/** How long the socket may take to open, and the server to greet: with the wait after it, the try is over well within 10 s … */
export const OPEN_LIMIT_MS = 6_000;
/**
 * … and to open where the line was quick: a few round trips make a socket, encrypted too, so one that takes so many, and at least
 * so long, is on a line that carries nothing. A server that has opened it and is slow to greet has its time all the same.
 */
export const QUICK_OPEN_LIMIT_MS = 2_500;
export const OPEN_ROUND_TRIPS = 10;
/** … and while a lock waits for its client. */
export const EAGER_OPEN_LIMIT_MS = 4_000;
/** How long a server that has greeted may take for an answer. The heartbeat notices one that is gone before that. */
export const ANSWER_LIMIT_MS = 10_000;

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

/** Whether a lock still waits for this client on the server (R2.3). */
const isEager = ({ wasLive, since }: Run, { now, isHolding }: TransitionContext): boolean =>
  isHolding && wasLive && now - since < LOCK_RESUME_MS;
const greetLimit = (run: Run, context: TransitionContext): number =>
  isEager(run, context) ? EAGER_OPEN_LIMIT_MS : OPEN_LIMIT_MS;
const openLimit = (run: Run, context: TransitionContext): number => {
  const usual = greetLimit(run, context);
  if (run.roundTripMs === null) return usual;
  return Math.min(usual, Math.max(QUICK_OPEN_LIMIT_MS, OPEN_ROUND_TRIPS * run.roundTripMs));
};

/** The run with what has become of it by now. */
const judge = (run: Run, now: number): Run => ({
  ...run,
  isManual: run.isManual || (run.attempt >= MANUAL_AFTER_TRIES && now - run.since >= MANUAL_AFTER_MS),
});

const open = (before: Run, context: TransitionContext): Transition => {
  const run = judge({ ...before, openedAt: context.now }, context.now);
  return { state: { name: 'opening', run }, effects: [{ type: 'open', limitMs: openLimit(run, context) }] };
};
const newRun = (now: number): Run => ({
  attempt: 0,
  openedAt: now,
  since: now,
  wasLive: false,
  roundTripMs: null,
  drains: 0,
  isManual: false,
});
const openAnew = (_state: Connection, _event: ConnectionEvent, context: TransitionContext): Transition =>
  open(newRun(context.now), context);
const start = (_state: Connection, _event: ConnectionEvent, context: TransitionContext): Transition =>
  context.isOnline ? open(newRun(context.now), context) : goOffline(newRun(context.now), 'no network');
const openAgain = ({ run }: { readonly run: Run }, _event: ConnectionEvent, context: TransitionContext): Transition =>
  open(run, context);
/** What failed before, failed for another reason. */
const openAfresh = ({ run }: { readonly run: Run }, _event: ConnectionEvent, context: TransitionContext): Transition =>
  open({ ...run, attempt: 0, isManual: false }, context);

function goOffline(run: Run, reason: DropReason): Transition {
  return { state: { name: 'offline', run }, effects: [{ type: 'drop', reason }] };
}

const probe = (state: Connection): Transition => ({ state, effects: [{ type: 'probe' }] });

/** Whether the connection was live long enough to forget what failed before. */
const isStable = (state: Connected, now: number): boolean =>
  state.name === 'live' && now - state.run.since >= STABLE_AFTER_MS;

/** The run once the store is no longer live. */
const runAfter = (state: Connected, now: number): Run => ({
  ...state.run,
  attempt: isStable(state, now) ? 0 : state.run.attempt,
  since: state.name === 'live' ? now : state.run.since,
  roundTripMs: (state.name === 'live' ? state.roundTripMs : null) ?? state.run.roundTripMs,
});

const wait = (run: Run, now: number, delayMs: number, reason: DropReason): Transition => ({
  state: { name: 'waiting', run, retryAt: now + delayMs },
  effects: [
    { type: 'drop', reason },
    { type: 'wait', delayMs },
  ],
});

/** The connection is gone and comes back after the backoff, or after what the server asked for if that is longer. */
function lose(state: Connected, context: TransitionContext, reason: DropReason, atLeastMs = 0): Transition {
  const { now, random, isOnline } = context;
  const before = runAfter(state, now);
  const run = judge({ ...before, attempt: before.attempt + 1 }, now);
  if (!isOnline) return goOffline(run, reason);
  const backoff = isEager(run, context) ? BACKOFF.eager : BACKOFF.usual;
  const isGreeted = state.name !== 'opening' && state.name !== 'greeting';
  const delayMs = backoffMs(run.attempt, random, backoff, isGreeted ? 0 : now - run.openedAt);
  return wait(run, now, Math.max(delayMs, atLeastMs), reason);
}

const loseBecause =
  (reason: DropReason) =>
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

function closed(
  state: Connected,
  { code, error, reconnectInMs }: EventOf<'closed'>,
  context: TransitionContext,
): Transition {
  const { client, person } = consequenceOf(code);
  if (client === 'sign-in') return signIn();
  if (client === 'refuse') return refuse(error ?? person);
  if (reconnectInMs === undefined) return lose(state, context, 'closed');
  const run = runAfter(state, context.now);
  if (!context.isOnline || run.drains >= MAX_DRAINS) return lose(state, context, 'sent elsewhere', reconnectInMs);
  return wait({ ...run, drains: run.drains + 1 }, context.now, reconnectInMs, 'sent elsewhere');
}

function snapshotFailed(state: Connected, event: EventOf<'snapshot-failed'>, context: TransitionContext): Transition {
  if (isSessionOver(event.code)) return signIn();
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
  state: {
    name: 'live',
    run: { ...run, since: now, wasLive: true, drains: 0, isManual: false },
    gaps,
    roundTripMs: null,
  },
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
  'came-online': stay,
  'went-offline': stay,
  woke: stay,
  'signed-out': stay,
};

/** A state with a socket: what ends it, and what each state below says for itself. */
const connected: Row<Connected> = {
  ...idle,
  retry: stay,
  closed,
  malformed: loseBecause('malformed message'),
  unanswered: loseBecause('no answer'),
  silent: loseBecause('silence'),
  'signed-out': signIn,
};

/** A state in which the server has answered: whether it still does can be asked. */
const welcomed: Row<Connected> = {
  ...connected,
  'came-online': probe,
  'went-offline': probe,
  woke: probe,
};

const TABLE: Table = {
  stopped: { ...idle, start, stop: stay, retry: stay },
  waiting: {
    ...idle,
    retry: openAgain,
    waited: openAgain,
    woke: openAgain,
    'came-online': openAfresh,
    'went-offline': ({ run }) => goOffline(run, 'no network'),
    'signed-out': signIn,
  },
  offline: {
    ...idle,
    // The environment may be wrong, and a person know better.
    retry: openAgain,
    'came-online': openAfresh,
    woke: (state, event, context) => (context.isOnline ? openAfresh(state, event, context) : stay(state)),
    'signed-out': signIn,
  },
  'needs-sign-in': idle,
  refused: idle,
  opening: {
    ...connected,
    opened: ({ run }, _event, context) => ({
      state: { name: 'greeting', run },
      effects: [{ type: 'send-hello', limitMs: greetLimit(run, context) }],
    }),
    'went-offline': ({ run }) => goOffline(run, 'no network'),
  },
  greeting: {
    ...connected,
    welcomed: ({ run }, { canContinue }) =>
      canContinue ? subscribe(run, {}, [{ type: 'go-online' }]) : load(run, [{ type: 'go-online' }]),
  },
  loading: {
    ...welcomed,
    'page-loaded': (state, { loaded, total }) => stay({ ...state, snapshot: { loaded, total } }),
    'snapshot-loaded': ({ run, snapshot }) => subscribe(run, { snapshot }),
    'snapshot-failed': snapshotFailed,
  },
  subscribing: {
    ...welcomed,
    reset,
    subscribed: (state, { isCurrent }, { now }) =>
      isCurrent
        ? goLive(state, now)
        : { state: { ...state, name: 'catching-up' }, effects: [{ type: 'await-frames' }] },
  },
  'catching-up': {
    ...welcomed,
    reset,
    'caught-up': (state, _event, { now }) => goLive(state, now),
    gap: fillGap,
  },
  live: {
    ...welcomed,
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
