import type { FeedReader, PresenceBoard } from '@meldesync/bus';
import type { SessionAccess } from '@meldesync/db';
import { type LockService, NO_LOCKS } from '@meldesync/locks';
import type { DownMessage, UpMessage } from '@meldesync/protocol';
import { createLogger } from '@meldesync/telemetry';
import { UNRECORDED } from '../src/audit/trail.ts';
import { Audience } from '../src/core/audience.ts';
import type { ClientSocket } from '../src/core/client-socket.ts';
import { Connection } from '../src/core/connection/connection.ts';
import type { ConnectionContext } from '../src/core/connection/connection-context.ts';
import { unansweredEdits } from '../src/core/connection/unanswered-edits.ts';
import { GuardedSocket } from '../src/core/guarded-socket.ts';
import { UNLIMITED } from '../src/core/identity.ts';
import type { NodeDatabase } from '../src/core/node-database.ts';
import { PeopleHere } from '../src/core/people-here.ts';
import { SharedRoles } from '../src/core/shared-roles.ts';
import { Feeds } from '../src/feed/feeds.ts';
import { NodeLocks } from '../src/locks/node-locks.ts';
import { UNWATCHED } from '../src/path/path-watch.ts';
import { NodePresence } from '../src/presence/node-presence.ts';
import { systemRuntime as runtime } from '../src/runtime.ts';

/** A connection whose socket, Postgres and Redis are in the hands of a test. */
export interface LoneConnection {
  readonly connection: Connection;
  /** What the client got. */
  readonly sent: readonly DownMessage[];
  /** What its socket is subscribed to. */
  readonly topics: ReadonlySet<string>;
  /** Code of the close; undefined while it is open. */
  readonly closeCode: () => number | undefined;
  readonly receive: (message: UpMessage) => Promise<void>;
  /** The buffer has become emptier. */
  readonly drained: () => void;
  /** Says hello; the client may come back as another connection of this instance. */
  readonly greet: (instance?: string) => Promise<void>;
}

export interface LoneConnectionOptions {
  readonly userId?: string;
  /** What Postgres answers; an editor's access, every record and no edit unless said otherwise. */
  readonly data?: Partial<Pick<NodeDatabase, 'sessionRole' | 'knownRecords'> & Pick<ConnectionContext, 'performEdit'>>;
  readonly locks?: NodeLocks;
  /** Where what is worth a look is told and counted; nowhere unless given. */
  readonly watch?: Partial<
    Pick<
      ConnectionContext,
      'logger' | 'trail' | 'people' | 'unanswered' | 'onDiverged' | 'onReconnect' | 'onClosed' | 'level' | 'freshness'
    >
  >;
  readonly buffer?: Pick<ClientSocket, 'send' | 'bufferedBytes'>;
}

/** What Postgres says of a person who may edit. */
export const EDITOR: SessionAccess = { session: 'stands', role: 'editor', expiresAt: Number.MAX_SAFE_INTEGER };

/** Of the feed, which holds nothing. */
export const EPOCH = '0123abcd';

export const WORKSPACE = '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10';

export const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });

const reader: Pick<FeedReader, 'follow' | 'unfollow' | 'newest' | 'range'> = {
  follow: () => Promise.resolve(),
  unfollow: () => undefined,
  newest: () => Promise.resolve([]),
  range: () => Promise.resolve([]),
};

const board: PresenceBoard = {
  post: () => Promise.resolve(),
  withdraw: () => Promise.resolve(),
  read: () => Promise.resolve([]),
  remove: () => Promise.resolve(),
  [Symbol.dispose]: () => undefined,
};

/** The locks of a node above a lock service of which a test says what it does. */
export function locksOver(service: Partial<LockService>): NodeLocks {
  return new NodeLocks({
    service: { ...NO_LOCKS, ...service },
    runtime,
    logger,
    publish: () => undefined,
    onLockEnded: () => undefined,
    trail: UNRECORDED,
    recordWith: (_, act) => act(),
  });
}

/** What connections share, with Postgres and Redis in the hands of a test. */
export function loneContext(options: LoneConnectionOptions = {}): ConnectionContext {
  const { data = {}, locks = locksOver({}), watch = {} } = options;
  const audience = new Audience({ publish: () => undefined, count: () => 0 });
  const { performEdit = () => Promise.resolve({ outcomes: [] }), ...asked } = data;
  return {
    nodeName: 'node-1',
    runtime,
    logger,
    trail: UNRECORDED,
    database: {
      sessionRole: () => Promise.resolve(EDITOR),
      knownRecords: ({ ids }) => Promise.resolve(new Set(ids)),
      troubleOf: () => undefined,
      ...asked,
    },
    noteInput: () => undefined,
    performEdit,
    unanswered: watch.unanswered ?? unansweredEdits(),
    people: watch.people ?? new PeopleHere(1_000, runtime),
    level: watch.level ?? (() => 'normal'),
    roles: new SharedRoles({
      sessionRoles: (questions) => Promise.resolve(questions.map(() => EDITOR)),
      troubleOf: () => undefined,
    }),
    audience,
    here: { enter: () => undefined, leave: () => undefined },
    feeds: new Feeds({
      facts: {
        state: () => Promise.resolve({ epoch: EPOCH, confirmedLsn: '0', baseSnapshot: null }),
        position: () => Promise.resolve(undefined),
      },
      openReader: () => reader as FeedReader,
      audience,
      runtime,
      logger,
      onFrames: () => undefined,
      onFlushed: () => undefined,
      onMerged: () => undefined,
      reset: () => undefined,
    }),
    locks,
    freshness: { state: 'live', ageMs: 0 },
    presence: new NodePresence({
      board,
      runtime,
      logger,
      publish: () => undefined,
      liveCount: () => 0,
      onUnreadable: () => undefined,
    }),
    onDiverged: () => undefined,
    path: UNWATCHED,
    onSubscribed: () => undefined,
    onCaughtUp: () => undefined,
    onLockAsked: () => undefined,
    onReconnect: () => undefined,
    onClosed: () => undefined,
    ...watch,
  };
}

/** Makes a connection that nobody has greeted yet. */
export function loneConnection(options: LoneConnectionOptions = {}): LoneConnection {
  const sent: DownMessage[] = [];
  const topics = new Set<string>();
  let closed: number | undefined;
  const { send, bufferedBytes } = options.buffer ?? { send: () => true, bufferedBytes: () => 0 };
  const socket = new GuardedSocket({
    send: (text) => {
      const isTaken = send(text);
      if (isTaken) sent.push(JSON.parse(text) as DownMessage);
      return isTaken;
    },
    end: (code) => {
      closed = code;
    },
    bufferedBytes,
    subscribe: (topic) => {
      topics.add(topic);
    },
    unsubscribeAll: () => topics.clear(),
  });
  const connection = new Connection(
    {
      identity: { ...UNLIMITED, userId: options.userId ?? 'anna', name: '', email: '', sessionId: 's' },
      address: '192.0.2.1',
    },
    socket,
    loneContext(options),
  );
  const receive = (message: UpMessage) => connection.receive(JSON.stringify(message));
  return {
    connection,
    sent,
    topics,
    closeCode: () => closed,
    receive,
    drained: () => socket.drained(),
    greet: (instance) =>
      receive({
        type: 'hello',
        workspace: WORKSPACE,
        client: { kind: 'web', version: 'test' },
        ...(instance === undefined ? {} : { instance }),
      }),
  };
}
