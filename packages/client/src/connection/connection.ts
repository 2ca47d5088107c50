import type { Hello } from '@meldesync/protocol';
import type { ReportError } from '../events/emitter.ts';
import type { Feed } from '../feed/feed.ts';
import type { SnapshotLoader } from '../feed/snapshot-loader.ts';
import type { Reports } from '../reports/reports.ts';
import type { ClientRuntime, SyncSocket } from '../types/environment.ts';
import { isFrameList } from '../wire/check-frames.ts';
import { decode } from '../wire/decode.ts';
import { noteLive } from './away.ts';
import { createEffects } from './effects.ts';
import { createFacts, type Facts } from './facts.ts';
import { type MessageReceiver, type Routing, routeDivergence, routeMessage, routeReset } from './route-message.ts';
import { createRunner } from './runner.ts';
import type { Connection, ConnectionEvent } from './states.ts';

/** What the connection brings to life and informs. */
export interface ConnectionInput {
  readonly runtime: ClientRuntime;
  readonly openSocket: () => SyncSocket;
  /** False when the environment knows that there is no network. */
  readonly isOnline: () => boolean;
  readonly hello: Hello;
  readonly feed: Feed;
  readonly loader: SnapshotLoader;
  readonly report: ReportError;
  readonly reports: Reports;
  readonly receiver: MessageReceiver;
  readonly onState: (state: Connection, facts: Pick<Facts, 'everyMs' | 'staleSince'>) => void;
  /** Messages may be sent until `onOffline`. */
  readonly onOnline: (send: (message: string) => void) => void;
  readonly onOffline: () => void;
}

/** What the connection does not find out by itself. */
type OutsideEvent = 'start' | 'stop' | 'retry' | 'came-online' | 'went-offline' | 'woke' | 'signed-out';

/** A connection that keeps the store current, by the state machine of `machine.ts`. */
export interface LiveConnection {
  dispatch(event: Extract<ConnectionEvent, { type: OutsideEvent }>): void;
  /** Whether a lock hangs on the connection: tries then follow sooner on each other. */
  setHolding(isHolding: boolean): void;
  /** What the feed has skipped is no longer to be had: a snapshot is needed. */
  rangeLost(): void;
  /** The store went wrong, whoever is to blame: the server hears of it if it can, and a snapshot mends it. */
  diverged(): void;
}

/** Makes a connection that is stopped: the machine's runner, its effects and the routes of messages, joined. */
export function createConnection(input: ConnectionInput): LiveConnection {
  const { runtime, feed, loader, receiver, report, reports } = input;
  const facts = createFacts();
  let isHolding = false;

  const dispatch = (event: ConnectionEvent): void => runner.dispatch(event);
  const state = (): Connection => runner.state;
  const onState = (): void => {
    if (runner.state.name === 'live') noteLive(facts);
    input.onState(runner.state, facts);
  };

  const effects = createEffects({
    runtime,
    openSocket: input.openSocket,
    hello: input.hello,
    cursor: () => feed.cursor,
    loader,
    report,
    reports,
    facts,
    roundTripMs: () => (runner.state.name === 'live' ? runner.state.roundTripMs : null),
    dispatch,
    onMessage(data) {
      const decoded = decode(data, isFrameList);
      effects.heartbeat.heard();
      routeMessage(routing, decoded);
    },
    onOnline: input.onOnline,
    onOffline: input.onOffline,
  });
  const routing: Routing = {
    runtime,
    feed,
    loader,
    receiver,
    report,
    reports,
    facts,
    state,
    hasSocket: () => effects.hasSocket,
    dispatch,
    send: effects.send,
    awaitAnswer: effects.awaitAnswer,
    onPace: onState,
    onAge: effects.heartbeat.told,
  };
  const runner = createRunner({
    runtime,
    isOnline: input.isOnline,
    isHolding: () => isHolding,
    carryOut: effects.carryOut,
    onState,
  });

  return {
    dispatch,
    setHolding(isNowHolding) {
      isHolding = isNowHolding;
    },
    rangeLost: () => routeReset(routing, 'too-old'),
    diverged: () => routeDivergence(routing),
  };
}
