import type { FeedReader, PresenceBoard } from '@meldesync/bus';
import type { SessionAccess } from '@meldesync/db';
import type { LockService } from '@meldesync/locks';
import type { DownMessage, UpMessage } from '@meldesync/protocol';
import { createLogger } from '@meldesync/telemetry';
import { Feeds } from '../src/feed/feeds.ts';
import { NodeLocks } from '../src/locks/node-locks.ts';
import { NodePresence } from '../src/presence/node-presence.ts';
import { Session } from '../src/session/session.ts';
import type { SessionData } from '../src/session/session-data.ts';
import type { SessionTransport } from '../src/session/session-transport.ts';
import { SharedRoles } from '../src/session/shared-roles.ts';

/** A session whose connection, Postgres and Redis are in the hands of a test. */
export interface LoneSession {
  readonly session: Session;
  /** What the client got. */
  readonly sent: readonly DownMessage[];
  /** Code of the close; undefined while it is open. */
  readonly closeCode: () => number | undefined;
  readonly receive: (message: UpMessage) => Promise<void>;
  /** Says hello; the client may come back as another connection of this instance. */
  readonly greet: (instance?: string) => Promise<void>;
}

export interface LoneSessionOptions {
  readonly userId?: string;
  /** What Postgres answers; an editor's access, every record and no edit unless said otherwise. */
  readonly data?: Partial<SessionData>;
  readonly locks?: NodeLocks;
  readonly transport?: Partial<Pick<SessionTransport, 'send' | 'bufferedBytes' | 'drained'>>;
}

/** What Postgres says of a person who may edit. */
export const EDITOR: SessionAccess = { session: 'stands', role: 'editor', expiresAt: Number.MAX_SAFE_INTEGER };

export const WORKSPACE = '6f1c0a7e-58a4-4d0e-9a53-0c1f6a2b7d10';

export const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });

const reader: Pick<FeedReader, 'follow' | 'newest' | 'range'> = {
  follow: () => Promise.resolve(),
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

const unavailable: LockService = {
  acquire: () => Promise.resolve({ outcome: 'unavailable' }),
  keepAlive: () => Promise.resolve('unavailable'),
  orphan: () => Promise.resolve(),
  resume: () => Promise.resolve('unavailable'),
  release: () => Promise.resolve(),
  takeAway: () => Promise.resolve(undefined),
  read: () => Promise.resolve([]),
};

/** The locks of a node above a lock service of which a test says what it does. */
export function locksOver(service: Partial<LockService>): NodeLocks {
  return new NodeLocks({ service: { ...unavailable, ...service }, logger, publish: () => undefined });
}

/** Makes a session that nobody has greeted yet. */
export function loneSession(options: LoneSessionOptions = {}): LoneSession {
  const sent: DownMessage[] = [];
  let closed: number | undefined;
  const { send = () => true, bufferedBytes = () => 0, drained = () => Promise.resolve() } = options.transport ?? {};
  const transport: SessionTransport = {
    send: (text) => {
      const isTaken = closed === undefined && send(text);
      if (isTaken) sent.push(JSON.parse(text) as DownMessage);
      return isTaken;
    },
    close: (code) => {
      closed ??= code;
    },
    bufferedBytes,
    drained,
    follow: () => undefined,
    unfollow: () => undefined,
  };
  const data: SessionData = {
    sessionRole: () => Promise.resolve(EDITOR),
    sessionRoles: (questions) => Promise.resolve(questions.map(() => EDITOR)),
    knownRecords: ({ ids }) => Promise.resolve(new Set(ids)),
    performEdit: () => Promise.resolve({ outcomes: [] }),
    ...options.data,
  };
  const nothing = { publish: () => undefined, liveCount: () => 0 };
  const session = new Session(
    { userId: options.userId ?? 'anna', name: '', email: '', sessionId: 's', expiresAt: Number.MAX_SAFE_INTEGER },
    transport,
    {
      data,
      roles: new SharedRoles(data.sessionRoles),
      feeds: new Feeds({
        ...nothing,
        facts: {
          state: () => Promise.resolve({ epoch: '0123abcd', confirmedLsn: '0', baseSnapshot: null }),
          positions: () => Promise.resolve(new Map()),
        },
        reader: reader as FeedReader,
        logger,
        publishTier: () => undefined,
        tierCount: () => 0,
        reset: () => undefined,
      }),
      locks: options.locks ?? locksOver({}),
      presence: new NodePresence({ ...nothing, board, logger }),
      logger,
      nodeName: 'node-1',
      onDiverged: () => undefined,
      onSubscribed: () => undefined,
    },
  );
  const receive = (message: UpMessage) => session.receive(JSON.stringify(message));
  return {
    session,
    sent,
    closeCode: () => closed,
    receive,
    greet: (instance) =>
      receive({
        type: 'hello',
        workspace: WORKSPACE,
        client: { kind: 'web', version: 'test' },
        ...(instance === undefined ? {} : { instance }),
      }),
  };
}
