import {
  type Edited,
  type ErrorCode,
  type ErrorMessage,
  type Frame,
  type FramePosition,
  type Hello,
  type ImportSummary,
  type Locks,
  type Presence,
  type Range,
  type Reset,
  reconnectInMs,
  type TierMs,
  type UpMessage,
  type Welcome,
} from '@meldesync/protocol';
import { ProtocolViolation } from '../errors/protocol-violation.ts';
import { isRefusal, SyncError, toSyncError } from '../errors/sync-error.ts';
import type { ReportError } from '../events/emitter.ts';
import type { Feed } from '../feed/feed.ts';
import { PAGE_LIMIT_MS, type SnapshotLoader } from '../feed/snapshot-loader.ts';
import type { LockAnswerMessage } from '../locks/requests.ts';
import type { ClientRuntime, SyncSocket } from '../types/environment.ts';
import { isFrameList } from '../wire/check-frames.ts';
import { type Decoded, decode } from '../wire/decode.ts';
import { createHeartbeat, IDLE_PACE, LOCK_PACE } from './heartbeat.ts';
import { ANSWER_LIMIT_MS, STOPPED, transition } from './machine.ts';
import { linkSocket, type SocketLink } from './socket-link.ts';
import type { Connection, ConnectionEffect, ConnectionEvent } from './states.ts';

/** How a socket that never opened is closed (RFC 6455 §7.4.1). */
const ABNORMAL_CLOSURE = 1006;

/** What the connection brings to life and informs. */
interface ConnectionInput {
  readonly runtime: ClientRuntime;
  readonly openSocket: () => SyncSocket;
  /** False when the environment knows that there is no network. */
  readonly isOnline: () => boolean;
  readonly hello: Hello;
  readonly feed: Feed;
  readonly loader: SnapshotLoader;
  readonly report: ReportError;
  /** `everyMs` is how far apart changes come; 0 at once. */
  readonly onState: (state: Connection, everyMs: TierMs) => void;
  /** False when the server takes this client for somebody else. */
  readonly onWelcome: (welcome: Welcome) => boolean;
  /** Messages may be sent until `onOffline`. */
  readonly onOnline: (send: (message: string) => void) => void;
  readonly onOffline: () => void;
  /** False when the answer does not fit what was asked. */
  readonly onEdited: (answer: Edited) => boolean;
  readonly onRefused: (operation: string, code: ErrorCode) => void;
  /** The answer to a question about a lock, or why there is none. */
  readonly onLockAnswer: (answer: LockAnswerMessage) => void;
  readonly onRequestRefused: (request: string, code: ErrorCode) => void;
  readonly onLocks: (locks: Locks) => void;
  readonly onPresence: (presence: Presence) => void;
  readonly onImport: (summary: ImportSummary) => void;
  /** A range was skipped, which is to be fetched. */
  readonly onRange: () => void;
  /** The store was seen to be current. */
  readonly onCurrent: () => void;
}

/** What the connection does not find out by itself. */
type OutsideEvent = 'start' | 'stop' | 'retry' | 'came-online' | 'went-offline' | 'woke' | 'signed-out';

/** Carries out what the state machine decides: owns the socket, the timers and the snapshot of one connection. */
export interface ConnectionRunner {
  dispatch(event: Extract<ConnectionEvent, { type: OutsideEvent }>): void;
  /** Whether a lock hangs on the connection: its end is then noticed sooner, and tries follow sooner on each other. */
  setHolding(isHolding: boolean): void;
  /** What the feed has skipped is no longer to be had: a snapshot is needed. */
  rangeLost(): void;
  /** The store went wrong, whoever is to blame: the server hears of it if it can, and a snapshot mends it. */
  diverged(): void;
}

/** Makes a connection that is stopped. */
export function createConnection(input: ConnectionInput): ConnectionRunner {
  const { runtime, feed, loader } = input;
  let state = STOPPED;
  let link: SocketLink | null = null;
  let timer: unknown = null;
  let loading: AbortController | null = null;
  let head: FramePosition | null = null;
  let lastError: ErrorCode | null = null;
  let isHolding = false;
  let everyMs: TierMs = 0;
  /** The longest that changes took to be applied since the last ping. */
  let applyLagMs = 0;
  const queue: ConnectionEvent[] = [];
  let isDispatching = false;

  const send = (text: string): void => link?.send(text);
  /** Whether the server has greeted this client: before that it takes nothing but `hello`. */
  const isWelcome = (): boolean => link !== null && state.name !== 'opening' && state.name !== 'greeting';
  const sendMessage = (message: UpMessage): void => send(JSON.stringify(message));

  const heartbeat = createHeartbeat({
    runtime,
    ping: (sentAt) => {
      const roundTripMs = state.name === 'live' ? state.roundTripMs : null;
      sendMessage({ type: 'ping', sentAt, applyLagMs, ...(roundTripMs === null ? {} : { roundTripMs }) });
      applyLagMs = 0;
    },
    onSilent: () => dispatch({ type: 'silent' }),
  });

  const disarm = (): void => {
    if (timer !== null) runtime.clearTimeout(timer);
    timer = null;
  };
  const arm = (delayMs: number, type: 'waited' | 'unanswered'): void => {
    disarm();
    timer = runtime.setTimeout(() => {
      timer = null;
      dispatch({ type });
    }, delayMs);
  };

  /** Events that effects cause wait until the transition before them is carried out. */
  function dispatch(event: ConnectionEvent): void {
    queue.push(event);
    if (isDispatching) return;
    isDispatching = true;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const result = transition(state, next, {
          now: runtime.now(),
          random: runtime.random(),
          isOnline: input.isOnline(),
          isHolding,
        });
        const isNew = result.state !== state;
        state = result.state;
        for (const effect of result.effects) carryOut(effect);
        if (isNew) input.onState(state, everyMs);
      }
    } finally {
      isDispatching = false;
    }
  }

  function carryOut(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'open':
        arm(effect.limitMs, 'unanswered');
        open();
        break;
      case 'send-hello':
        arm(effect.limitMs, 'unanswered');
        sendMessage(input.hello);
        break;
      case 'go-online':
        heartbeat.start();
        input.onOnline(send);
        break;
      case 'load-snapshot':
        arm(PAGE_LIMIT_MS, 'unanswered');
        void load();
        break;
      case 'send-subscribe':
        arm(ANSWER_LIMIT_MS, 'unanswered');
        if (feed.cursor) sendMessage({ type: 'subscribe', cursor: feed.cursor });
        break;
      case 'await-frames':
        arm(ANSWER_LIMIT_MS, 'unanswered');
        break;
      case 'disarm':
        disarm();
        break;
      case 'probe':
        heartbeat.probe();
        break;
      case 'drop':
        drop(effect.reason);
        break;
      case 'wait':
        arm(effect.delayMs, 'waited');
        break;
    }
  }

  function open(): void {
    lastError = null;
    head = null;
    everyMs = 0;
    try {
      link = linkSocket(input.openSocket(), {
        onOpened: () => dispatch({ type: 'opened' }),
        onMessage: (data) => receive(decode(data, isFrameList)),
        onClosed: (code, reason) =>
          dispatch({ type: 'closed', code, error: lastError, reconnectInMs: reconnectInMs(code, reason) }),
      });
    } catch (error) {
      input.report(toSyncError(error));
      dispatch({ type: 'closed', code: ABNORMAL_CLOSURE, error: null });
    }
  }

  function drop(reason: string): void {
    disarm();
    heartbeat.stop();
    loading?.abort();
    loading = null;
    input.onOffline();
    link?.close(reason);
    link = null;
  }

  async function load(): Promise<void> {
    const controller = new AbortController();
    loading = controller;
    try {
      await loader.load(controller.signal, ({ loaded, total }) => {
        arm(PAGE_LIMIT_MS, 'unanswered');
        dispatch({ type: 'page-loaded', loaded, total });
      });
      if (loading === controller) dispatch({ type: 'snapshot-loaded' });
    } catch (error) {
      if (loading !== controller) return;
      const failure = toSyncError(error);
      const { code, retryAfterMs } = failure;
      dispatch({ type: 'snapshot-failed', code, retryable: !isRefusal(failure), retryAfterMs });
    }
  }

  function receive(decoded: Decoded): void {
    heartbeat.heard();
    switch (decoded.kind) {
      case 'frames':
        receiveFrames(decoded.frames);
        break;
      case 'message':
        receiveMessage(decoded.message);
        break;
      case 'malformed':
        fail(decoded.reason);
        break;
      case 'unknown':
        break;
    }
    if (state.name === 'live') input.onCurrent();
  }

  /** Frames are safe in any state: what does not follow on the store is not applied. */
  function receiveFrames(frames: readonly Frame[]): void {
    if (state.name === 'catching-up') arm(ANSWER_LIMIT_MS, 'unanswered');
    const startedAt = runtime.now();
    const outcome = feed.receive(frames);
    applyLagMs = Math.max(applyLagMs, runtime.now() - startedAt);
    if (outcome === 'gap') dispatch({ type: 'gap' });
    else if (outcome === 'diverged') diverged();
    else caughtUp();
  }

  function receiveRange(range: Range): void {
    if (!feed.skip(range)) {
      dispatch({ type: 'gap' });
      return;
    }
    input.onRange();
    caughtUp();
  }

  function caughtUp(): void {
    if (state.name === 'catching-up' && head && feed.hasReached(head)) dispatch({ type: 'caught-up' });
  }

  function reset(reason: Reset['reason']): void {
    feed.reset(reason);
    // A snapshot that is being loaded is of use all the same.
    if (state.name !== 'loading') loader.discard();
    dispatch({ type: 'reset' });
  }

  function receiveMessage(message: Extract<Decoded, { kind: 'message' }>['message']): void {
    switch (message.type) {
      case 'welcome':
        if (state.name !== 'greeting') break;
        if (!input.onWelcome(message)) dispatch({ type: 'signed-out' });
        dispatch({ type: 'welcomed', canContinue: feed.continueIn(message.epoch) !== null });
        break;
      case 'subscribed':
        if (state.name !== 'subscribing') break;
        head = message.head;
        loader.discard();
        dispatch({ type: 'subscribed', isCurrent: feed.hasReached(head) });
        // What is at the very head now was all there when the server looked.
        if (feed.compare(message.sum, head) === 'diverged') diverged();
        break;
      case 'reset':
        if (state.name !== 'subscribing' && state.name !== 'catching-up' && state.name !== 'live') break;
        reset(message.reason);
        break;
      case 'range':
        receiveRange(message);
        break;
      case 'pong':
        dispatch({ type: 'ponged', roundTripMs: Math.max(0, runtime.now() - message.sentAt) });
        // Every frame up to the head came before this message: one that is missing now will not come by itself.
        if (state.name === 'live' && message.head && !feed.hasReached(message.head)) dispatch({ type: 'gap' });
        break;
      case 'edited':
        if (!input.onEdited(message)) fail('edited: outcomes do not fit the items');
        break;
      case 'lock-granted':
      case 'lock-held':
      case 'unlocked':
        input.onLockAnswer(message);
        break;
      case 'locks':
        input.onLocks(message);
        break;
      case 'presence':
        input.onPresence(message);
        break;
      case 'import':
        input.onImport(message.import);
        break;
      case 'tier':
        everyMs = message.everyMs;
        input.onState(state, everyMs);
        break;
      case 'behind':
        dispatch({ type: 'gap' });
        break;
      case 'error':
        receiveError(message);
        break;
    }
  }

  function diverged(): void {
    if (!feed.cursor) return;
    if (isWelcome()) sendMessage({ type: 'diverged', cursor: feed.cursor });
    // Nothing in the store is to be trusted, however far it is.
    reset('unknown');
  }

  function receiveError({ code, operation, request }: ErrorMessage): void {
    if (operation !== undefined) {
      input.onRefused(operation, code);
      return;
    }
    if (request !== undefined) {
      input.onRequestRefused(request, code);
      return;
    }
    lastError = code;
    input.report(new SyncError(code));
    // It can only be meant for `subscribe`, which then stays without another answer.
    if (state.name === 'subscribing') dispatch({ type: 'unanswered' });
  }

  function fail(reason: string): void {
    input.report(new ProtocolViolation(reason));
    dispatch({ type: 'malformed' });
  }

  return {
    dispatch,
    setHolding(isNowHolding) {
      isHolding = isNowHolding;
      heartbeat.setPace(isHolding ? LOCK_PACE : IDLE_PACE);
    },
    rangeLost: () => reset('too-old'),
    diverged,
  };
}
