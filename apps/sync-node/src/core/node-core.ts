import type { FeedReader, FeedReaderOptions, PresenceBoard } from '@meldesync/bus';
import type { EditRecordsInput } from '@meldesync/db';
import type { LockService } from '@meldesync/locks';
import { importProgress, type ReportUnreadable, type Reset, readJson, type ServiceLevel } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { z } from 'zod';
import { performEdit } from '../edits/perform-edit.ts';
import { type FeedListener, Feeds } from '../feed/feeds.ts';
import { FramePages } from '../frames/frame-pages.ts';
import { lockEvent, NodeLocks } from '../locks/node-locks.ts';
import { NodePresence } from '../presence/node-presence.ts';
import { nodeSummary } from '../presence/node-summary.ts';
import type { NodeRuntime, Timer } from '../runtime.ts';
import { SnapshotPages } from '../snapshot/snapshot-pages.ts';
import { ApiAnswers } from './api-answers.ts';
import { Audience } from './audience.ts';
import type { Topics } from './client-socket.ts';
import { Connections } from './connections.ts';
import { Freshness, type FreshnessState } from './freshness.ts';
import { POSITION_CHECK_MS } from './limits.ts';
import type { OnEdited } from './measure-edit.ts';
import type { NodeDatabase } from './node-database.ts';
import { Reception, type ReceptionObserver } from './reception.ts';
import { SharedRoles } from './shared-roles.ts';

/** What the nodes tell each other. */
const nodeMessage = z.discriminatedUnion('kind', [...lockEvent.options, nodeSummary]);

/** What a node hears from the bus. */
export type BusListener = FeedListener &
  Pick<FeedReaderOptions, 'onNotice' | 'onState' | 'onCanary' | 'onUnreadable' | 'onFailed'>;

/** What is counted of a node. */
export interface NodeObserver extends ReceptionObserver {
  /** Frames go to the live sockets of a workspace, so many at once. */
  readonly onFrames: (frames: number, sockets: number) => void;
  /** A page of a snapshot is read from the database. */
  readonly onSnapshotQuery: () => void;
  /** A page of frames is read and encoded. */
  readonly onFramePage: () => void;
  /** A client found that its state had gone wrong. */
  readonly onDiverged: () => void;
  /** Something from outside could not be read, and is left out. */
  readonly onUnreadable: ReportUnreadable;
  /** An edit was answered. */
  readonly onEdited: OnEdited;
  /** A client is live, or needs a snapshot and why. */
  readonly onSubscribed: (outcome: 'live' | Reset['reason']) => void;
}

/** What a node stands on. Disposing of what was handed over is up to whoever made it, but for the reader. */
export interface NodeCoreOptions {
  readonly name: string;
  readonly runtime: NodeRuntime;
  readonly logger: Logger;
  readonly database: NodeDatabase;
  /** The sockets as topics. */
  readonly topics: Topics;
  /** Connects to the bus. Called once. */
  readonly openReader: (listener: BusListener) => FeedReader;
  readonly lockService: LockService;
  readonly board: PresenceBoard;
  /** At which level the cluster works (R5.4). */
  readonly level: () => ServiceLevel;
  /** Makes the body of an answer of a page's JSON. */
  readonly encode: (json: string) => Promise<Buffer>;
  readonly observer: NodeObserver;
}

/**
 * The part of a node that decides: who may be here, what each client gets and when, what is answered. Around it are sockets
 * and HTTP, Postgres and Redis; the simulation puts its own there.
 */
export class NodeCore implements AsyncDisposable {
  readonly connections: Connections;
  readonly feeds: Feeds;
  readonly locks: NodeLocks;
  /** Whether this node hears what happens. */
  readonly freshness: Freshness;
  /** Where the sockets of clients come in. */
  readonly reception: Reception;
  /** What the API answers. */
  readonly answers: ApiAnswers;
  readonly #presence: NodePresence;
  readonly #roles: SharedRoles;
  readonly #positionCheck: Timer;

  /** Long because it names, once, what each part is given. */
  constructor(options: NodeCoreOptions) {
    const { name, runtime, logger, database, openReader, lockService, board, encode, observer } = options;
    const audience = new Audience(options.topics);
    const publish = (workspace: string, message: string) => audience.notify(workspace, message);
    this.connections = new Connections(runtime, logger);
    this.#roles = new SharedRoles(database);
    this.freshness = new Freshness({ runtime, onChange: (state) => this.#freshnessChanged(state, logger) });
    const { onUnreadable } = observer;
    this.locks = new NodeLocks({ service: lockService, runtime, logger, publish });
    this.#presence = new NodePresence({
      board,
      runtime,
      logger,
      publish,
      liveCount: (workspace) => audience.count(workspace, 0),
      onUnreadable,
    });
    this.feeds = new Feeds({
      facts: database,
      audience,
      runtime,
      logger,
      onFrames: observer.onFrames,
      reset: (workspace, reason) => {
        this.connections.reset(workspace, reason);
        // Where Postgres was put back, so was who may be here: no trigger says so.
        if (reason === 'epoch') this.accessChanged(null);
      },
      openReader: (listener) =>
        openReader({
          ...listener,
          onNotice: (workspace, message) => {
            const reading = readJson(importProgress, message);
            // It goes to every screen as it is: what they could not read would cost each of them a snapshot.
            if ('value' in reading) publish(workspace, message);
            else onUnreadable({ place: 'notice', workspace, reason: reading.unreadable });
          },
          onState: (workspace, message) => {
            const reading = readJson(nodeMessage, message);
            if ('unreadable' in reading) {
              onUnreadable({ place: 'node-message', workspace, reason: reading.unreadable });
              return;
            }
            if (reading.value.kind === 'presence') this.#presence.receive(workspace, reading.value);
            else this.locks.receive(workspace, reading.value);
          },
          onCanary: (transitMs) => this.freshness.heard(transitMs),
          onUnreadable,
          onFailed: (error) => logger.error({ err: error }, 'a message of the bus could not be taken in'),
          onResubscribed: () => {
            listener.onResubscribed();
            this.#reloadStates(logger);
          },
        }),
    });
    this.#positionCheck = runtime.every(POSITION_CHECK_MS, () => this.feeds.compare());
    const snapshots = new SnapshotPages({
      feeds: this.feeds,
      runtime,
      readPage: (input) => {
        observer.onSnapshotQuery();
        return database.snapshotPage(input);
      },
      onUnreadable,
      encode,
    });
    const isStale = () => this.freshness.state === 'stale';
    const edits = {
      editRecords: async (input: EditRecordsInput) => {
        try {
          return await database.editRecords(input);
        } finally {
          // The feed does not tell who has edited that what was read before lacks it.
          if (isStale()) snapshots.forget(input.workspaceId);
        }
      },
      locks: this.locks,
    };
    this.answers = new ApiAnswers({
      runtime,
      database,
      edits,
      onEdited: observer.onEdited,
      snapshots,
      frames: new FramePages({
        isStale,
        feeds: this.feeds,
        runtime,
        encode,
        onEncoded: observer.onFramePage,
      }),
    });
    this.reception = new Reception(
      this.connections,
      {
        nodeName: name,
        runtime,
        logger,
        database,
        performEdit: (order) => performEdit(edits, order),
        roles: this.#roles,
        audience,
        feeds: this.feeds,
        locks: this.locks,
        presence: this.#presence,
        freshness: this.freshness,
        onDiverged: (workspace) => {
          observer.onDiverged();
          snapshots.renew(workspace);
        },
        level: options.level,
        onEdited: observer.onEdited,
        onSubscribed: observer.onSubscribed,
      },
      observer,
    );
  }

  /** A person's sessions or roles changed; null when anyone's may have. */
  accessChanged(userId: string | null): void {
    this.#roles.forgetAll();
    this.connections.accessChanged(userId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#positionCheck.cancel();
    this.freshness[Symbol.dispose]();
    await this.#presence[Symbol.asyncDispose]();
    await this.locks[Symbol.asyncDispose]();
    this.feeds[Symbol.dispose]();
    this.connections[Symbol.dispose]();
  }

  #freshnessChanged(state: FreshnessState, logger: Logger): void {
    const { ageMs } = this.freshness;
    if (state === 'stale') {
      logger.warn({ ageMs }, 'this node hears no canary: what it shows is old');
      this.connections.becameStale();
      return;
    }
    logger.info({ ageMs }, 'this node is live');
    // What was missed comes first, so that nobody takes for current what is not.
    this.feeds
      .catchUpAll()
      .catch((error: unknown) => logger.warn({ err: error }, 'could not read what was missed; it is tried again'))
      .finally(() => {
        if (this.freshness.state === 'live') this.connections.becameLive();
      });
  }

  /** What the other nodes said of locks and presence may have been missed. */
  #reloadStates(logger: Logger): void {
    Promise.all([this.locks.reload(), this.#presence.reload()]).catch((error: unknown) =>
      logger.error({ err: error }, 'could not read locks and presence again'),
    );
  }
}
