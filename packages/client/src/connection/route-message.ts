import type {
  Edited,
  ErrorCode,
  Frame,
  ImportSummary,
  Locks,
  Presence,
  Reset,
  Role,
  UpMessage,
  Welcome,
} from '@meldesync/protocol';
import { ProtocolViolation } from '../errors/protocol-violation.ts';
import { SyncError } from '../errors/sync-error.ts';
import type { ReportError } from '../events/emitter.ts';
import type { Feed } from '../feed/feed.ts';
import type { SnapshotLoader } from '../feed/snapshot-loader.ts';
import type { LockAnswerMessage } from '../locks/requests.ts';
import type { Reports } from '../reports/reports.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { Decoded, Malformed, Message } from '../wire/decode.ts';
import { malformedCost } from '../wire/malformed-cost.ts';
import type { Facts } from './facts.ts';
import { ANSWER_LIMIT_MS } from './machine.ts';
import type { Connection, ConnectionEvent } from './states.ts';

/** The parts of the client that messages are for. */
export interface MessageReceiver {
  /** False when the server takes this client for somebody else. */
  readonly onWelcome: (welcome: Welcome) => boolean;
  /** False when the answer does not fit what was asked. */
  readonly onEdited: (answer: Edited) => boolean;
  readonly onRefused: (operation: string, code: ErrorCode) => void;
  /** The answer to a question about a lock, or why there is none. */
  readonly onLockAnswer: (answer: LockAnswerMessage) => void;
  readonly onRequestRefused: (request: string, code: ErrorCode) => void;
  readonly onLocks: (locks: Locks) => void;
  /** A ping that was sent then was heard, in epoch milliseconds of this client. */
  readonly onPong: (sentAt: number) => void;
  readonly onPresence: (presence: Presence) => void;
  readonly onImport: (summary: ImportSummary) => void;
  /** People or workspaces were administered. */
  readonly onAdministration: () => void;
  /** What the person may do here is another from now on. */
  readonly onRole: (role: Role) => void;
  /** A range was skipped, which is to be fetched, begun within so many milliseconds (P62). */
  readonly onRange: (spreadMs: number) => void;
  /** The store was seen to be current. */
  readonly onCurrent: () => void;
}

/** What messages are routed with, and where to. */
export interface Routing {
  readonly runtime: ClientRuntime;
  readonly feed: Feed;
  readonly loader: SnapshotLoader;
  readonly receiver: MessageReceiver;
  readonly report: ReportError;
  readonly reports: Reports;
  readonly facts: Facts;
  readonly state: () => Connection;
  readonly hasSocket: () => boolean;
  readonly dispatch: (event: ConnectionEvent) => void;
  readonly send: (message: UpMessage) => void;
  readonly awaitAnswer: (limitMs: number) => void;
  /** How far apart changes come, or how old they are, has changed. */
  readonly onPace: () => void;
  /** The node said, or did not need to, how old what it knows is. */
  readonly onAge: (ageMs: number) => void;
}

type MessageOf<Type extends Message['type']> = Extract<Message, { type: Type }>;
type Routes = { readonly [Type in Message['type']]: (to: Routing, message: MessageOf<Type>) => void };

const ROUTES: Routes = {
  welcome({ state, receiver, feed, reports, dispatch }, message) {
    if (state().name !== 'greeting') return;
    reports.welcomed(message.reports);
    if (!receiver.onWelcome(message)) dispatch({ type: 'signed-out' });
    dispatch({ type: 'welcomed', canContinue: feed.continueIn(message.epoch) !== null });
  },
  subscribed(to, { head, sum }) {
    if (to.state().name !== 'subscribing') return;
    to.facts.head = head;
    to.loader.discard();
    to.dispatch({ type: 'subscribed', isCurrent: to.feed.hasReached(head) });
    // What is at the very head now was all there when the server looked.
    if (to.feed.compare(sum, head) === 'diverged') routeDivergence(to);
  },
  reset(to, { reason }) {
    const { name } = to.state();
    if (name === 'subscribing' || name === 'catching-up' || name === 'live') routeReset(to, reason);
  },
  range(to, message) {
    if (!to.feed.skip(message)) {
      to.dispatch({ type: 'gap' });
      return;
    }
    to.receiver.onRange(message.spreadMs ?? 0);
    checkCaughtUp(to);
  },
  pong({ runtime, state, feed, facts, reports, dispatch, receiver, onAge }, { sentAt, at, head, ageMs = 0 }) {
    // One that has said that it hears nothing is known for that.
    onAge(facts.staleSince === null ? ageMs : 0);
    reports.ponged(sentAt, at);
    receiver.onPong(sentAt);
    dispatch({ type: 'ponged', roundTripMs: Math.max(0, runtime.now() - sentAt) });
    // Every frame up to the head came before this message: one that is missing now will not come by itself.
    if (state().name === 'live' && head && !feed.hasReached(head)) dispatch({ type: 'gap' });
  },
  edited(to, message) {
    if (to.receiver.onEdited(message)) return;
    const { type, operation } = message;
    routeMalformed(to, { kind: 'malformed', reason: 'edited: outcomes do not fit the items', type, operation });
  },
  'lock-granted': ({ receiver }, message) => receiver.onLockAnswer(message),
  'lock-held': ({ receiver }, message) => receiver.onLockAnswer(message),
  unlocked: ({ receiver }, message) => receiver.onLockAnswer(message),
  locks: ({ receiver }, message) => receiver.onLocks(message),
  presence: ({ receiver }, message) => receiver.onPresence(message),
  import: ({ receiver }, message) => receiver.onImport(message.import),
  administration: ({ receiver }) => receiver.onAdministration(),
  role: ({ receiver }, { role }) => receiver.onRole(role),
  tier({ facts, onPace }, { everyMs }) {
    facts.everyMs = everyMs;
    onPace();
  },
  behind: ({ dispatch }) => dispatch({ type: 'gap' }),
  freshness({ facts, runtime, onPace }, { ageMs }) {
    facts.staleSince = ageMs === null ? null : runtime.now() - ageMs;
    onPace();
  },
  error({ receiver, facts, report, state, dispatch }, { code, operation, request }) {
    if (operation !== undefined) {
      receiver.onRefused(operation, code);
      return;
    }
    if (request !== undefined) {
      receiver.onRequestRefused(request, code);
      return;
    }
    facts.lastError = code;
    report(new SyncError(code));
    // It can only be meant for `subscribe`, which then stays without another answer.
    if (state().name === 'subscribing') dispatch({ type: 'unanswered' });
  },
};

/** Hands a message to the part of the client that it is for, and tells the state machine what it means. */
export function routeMessage(to: Routing, decoded: Decoded): void {
  switch (decoded.kind) {
    case 'frames':
      routeFrames(to, decoded.frames, decoded.sentAt);
      break;
    case 'message':
      routePlain(to, decoded.message);
      break;
    case 'malformed':
      routeMalformed(to, decoded);
      break;
    case 'unknown':
      break;
  }
  if (to.state().name === 'live' && to.facts.staleSince === null) to.receiver.onCurrent();
}

/** The cursor cannot be continued, whoever says so: a snapshot is needed. */
export function routeReset({ feed, loader, state, dispatch }: Routing, reason: Reset['reason']): void {
  feed.reset(reason);
  // A snapshot that is being loaded is of use all the same.
  if (state().name !== 'loading') loader.discard();
  dispatch({ type: 'reset' });
}

/** The store went wrong, whoever is to blame: the server hears of it if it can, and a snapshot mends it. */
export function routeDivergence(to: Routing): void {
  const { cursor } = to.feed;
  if (!cursor) return;
  // Before it has greeted this client the server takes nothing but `hello`.
  if (isGreeted(to)) to.send({ type: 'diverged', cursor });
  // Nothing in the store is to be trusted, however far it is.
  routeReset(to, 'unknown');
}

function routePlain<Type extends Message['type']>(to: Routing, message: MessageOf<Type>): void {
  // The table is total by its type; TypeScript cannot relate the lookup to the message, so they are joined here once.
  const route = ROUTES[message.type] as (to: Routing, message: MessageOf<Type>) => void;
  route(to, message);
}

/** Frames are safe in any state: what does not follow on the store is not applied. */
function routeFrames(to: Routing, frames: readonly Frame[], sentAt: number | undefined): void {
  const { runtime, facts, feed, reports, state } = to;
  if (state().name === 'catching-up') to.awaitAnswer(ANSWER_LIMIT_MS);
  const startedAt = runtime.now();
  const outcome = feed.receive(frames);
  facts.applyLagMs = Math.max(facts.applyLagMs, runtime.now() - startedAt);
  if (outcome === 'whole' && sentAt !== undefined) reports.received(frames, sentAt, startedAt);
  if (outcome === 'gap') to.dispatch({ type: 'gap' });
  else if (outcome === 'diverged') routeDivergence(to);
  else if (outcome === 'unreadable') routeUnreadable(to);
  else checkCaughtUp(to);
}

function checkCaughtUp({ state, facts, feed, dispatch }: Routing): void {
  if (state().name === 'catching-up' && facts.head && feed.hasReached(facts.head)) dispatch({ type: 'caught-up' });
}

function isGreeted({ hasSocket, state }: Routing): boolean {
  const { name } = state();
  return hasSocket() && name !== 'opening' && name !== 'greeting';
}

/** The same message would come again on the next connection: it costs what it was about (P45). */
function routeMalformed(to: Routing, { reason, type, operation, request }: Malformed): void {
  const { report, receiver, state, dispatch } = to;
  report(new ProtocolViolation(reason));
  const cost = isGreeted(to) ? malformedCost(type) : 'connection';
  if (cost === 'connection') dispatch({ type: 'malformed' });
  if (cost === 'answer' && operation !== undefined) receiver.onRefused(operation, 'invalid-message');
  if (cost === 'answer' && request !== undefined) receiver.onRequestRefused(request, 'invalid-message');
  if (cost === 'feed' && (state().name === 'catching-up' || state().name === 'live')) routeUnreadable(to);
}

/** What the feed tells cannot be read, or is of a record that could not be: a snapshot of later holds what it did. */
function routeUnreadable(to: Routing): void {
  const { cursor } = to.feed;
  // The node then gives no snapshot from before it, which would bring the same again.
  if (cursor) to.send({ type: 'diverged', cursor });
  to.facts.isUnreadable = true;
  routeReset(to, 'too-old');
}
