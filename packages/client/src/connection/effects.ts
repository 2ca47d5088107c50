import { CLOSE_CODES, type Cursor, type Hello, parseCursor, reconnectInMs, type UpMessage } from '@meldesync/protocol';
import { toSyncError } from '../errors/sync-error.ts';
import type { ReportError } from '../events/emitter.ts';
import type { SnapshotLoader } from '../feed/snapshot-loader.ts';
import type { Reports } from '../reports/reports.ts';
import { createDeadline } from '../timing/deadline.ts';
import type { ClientRuntime, SyncSocket } from '../types/environment.ts';
import { awayOf, noteDrop } from './away.ts';
import { type Facts, forgetSaid } from './facts.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { ANSWER_LIMIT_MS } from './machine.ts';
import { createSnapshotLoad } from './snapshot-load.ts';
import { linkSocket, type SocketLink } from './socket-link.ts';
import type { ConnectionEffect, ConnectionEvent, DropReason } from './states.ts';

/** How a socket that never opened is closed (RFC 6455 §7.4.1). */
const ABNORMAL_CLOSURE = 1006;

export interface EffectsInput {
  readonly runtime: ClientRuntime;
  readonly openSocket: () => SyncSocket;
  readonly hello: Hello;
  /** Where to subscribe from. */
  readonly cursor: () => Cursor | null;
  readonly loader: SnapshotLoader;
  readonly report: ReportError;
  readonly reports: Pick<Reports, 'take'>;
  readonly facts: Facts;
  /** Of the last ping, null while the store is not current. */
  readonly roundTripMs: () => number | null;
  readonly dispatch: (event: ConnectionEvent) => void;
  readonly onMessage: (data: unknown) => void;
  /** Messages may be sent until `onOffline`. */
  readonly onOnline: (send: (message: string) => void) => void;
  readonly onOffline: () => void;
}

/** Owns what a connection is made of: its socket, its deadline, its heartbeat and the snapshot that it loads. */
export interface Effects {
  /** Whether there is a socket, open or not. */
  readonly hasSocket: boolean;
  readonly heartbeat: Heartbeat;
  carryOut(effect: ConnectionEffect): void;
  send(message: UpMessage): void;
  /** Something must come within this time. */
  awaitAnswer(limitMs: number): void;
}

/** Makes the effects of a connection that has no socket. Long because they share the socket; none of them is. */
export function createEffects(input: EffectsInput): Effects {
  const { runtime, facts, dispatch } = input;
  let link: SocketLink | null = null;
  const sendText = (text: string): void => link?.send(text);
  const send = (message: UpMessage): void => sendText(JSON.stringify(message));

  const deadline = createDeadline<'waited' | 'unanswered'>(runtime, (type) => dispatch({ type }));
  const awaitAnswer = (limitMs: number): void => deadline.arm(limitMs, 'unanswered');
  const snapshot = createSnapshotLoad({ runtime, facts, loader: input.loader, dispatch, awaitAnswer });
  const heartbeat = createHeartbeat({
    runtime,
    ping(sentAt) {
      tellSeen();
      const roundTripMs = input.roundTripMs();
      send({ type: 'ping', sentAt, applyLagMs: facts.applyLagMs, ...(roundTripMs === null ? {} : { roundTripMs }) });
      facts.applyLagMs = 0;
    },
    onSilent: () => dispatch({ type: 'silent' }),
  });

  /** What was seen since the last ping would otherwise be lost: a terminal's command is over before the next one. */
  const tellSeen = (): void => {
    const seen = input.reports.take();
    if (seen) send(seen);
  };

  const drop = (reason: DropReason): void => {
    tellSeen();
    noteDrop(facts, reason, runtime.now());
    deadline.disarm();
    heartbeat.stop();
    snapshot.abort();
    input.onOffline();
    link?.close(reason);
    link = null;
  };

  const carryOut = (effect: ConnectionEffect): void => {
    switch (effect.type) {
      case 'open':
        awaitAnswer(effect.limitMs);
        link = openLink(input);
        break;
      case 'send-hello':
        awaitAnswer(effect.limitMs);
        send(helloOf(input));
        break;
      case 'go-online':
        heartbeat.start();
        input.onOnline(sendText);
        break;
      case 'load-snapshot':
        snapshot.start();
        break;
      case 'send-subscribe': {
        awaitAnswer(ANSWER_LIMIT_MS);
        const cursor = input.cursor();
        if (cursor) send({ type: 'subscribe', cursor });
        break;
      }
      case 'await-frames':
        awaitAnswer(ANSWER_LIMIT_MS);
        break;
      case 'disarm':
        deadline.disarm();
        break;
      case 'probe':
        heartbeat.probe();
        break;
      case 'drop':
        drop(effect.reason);
        break;
      case 'wait':
        deadline.arm(effect.delayMs, 'waited');
        break;
    }
  };

  return {
    get hasSocket() {
      return link !== null;
    },
    heartbeat,
    carryOut,
    send,
    awaitAnswer,
  };
}

/** So long a client that was sent away is kept by nodes that hear no more than the first: going from one to the next helps nobody. */
const STAYS_MS = 60_000;

function helloOf({ hello, facts, runtime, cursor }: EffectsInput): Hello {
  const { sentAwayAt } = facts;
  const now = runtime.now();
  const reached = cursor();
  const after = awayOf(facts, reached === null ? undefined : parseCursor(reached).epoch, now);
  return {
    ...hello,
    ...(sentAwayAt !== null && now - sentAwayAt < STAYS_MS ? { stays: true } : {}),
    ...(after ? { after } : {}),
  };
}

/** Null when the environment cannot open a socket, which counts as one that was cut. */
function openLink({ runtime, openSocket, facts, dispatch, onMessage, report }: EffectsInput): SocketLink | null {
  forgetSaid(facts);
  try {
    return linkSocket(openSocket(), {
      onOpened: () => dispatch({ type: 'opened' }),
      onMessage,
      onClosed(code, reason) {
        facts.closeCode = code;
        if (code === CLOSE_CODES.stale) facts.sentAwayAt = runtime.now();
        dispatch({ type: 'closed', code, error: facts.lastError, reconnectInMs: reconnectInMs(code, reason) });
      },
    });
  } catch (error) {
    report(toSyncError(error));
    dispatch({ type: 'closed', code: ABNORMAL_CLOSURE, error: null });
    return null;
  }
}
