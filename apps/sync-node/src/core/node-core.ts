import type { FeedReader, FeedReaderOptions, PresenceBoard } from '@meldesync/bus';
import type { EditRecordsInput, NewNotice } from '@meldesync/db';
import type { LockService } from '@meldesync/locks';
import { importProgress, type ReportUnreadable, readJson, roleAllows, type ServiceLevel } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { z } from 'zod';
import { type Trail, UNRECORDED } from '../audit/trail.ts';
import { performEdit } from '../edits/perform-edit.ts';
import { type FeedListener, Feeds } from '../feed/feeds.ts';
import type { SlowTierMs } from '../feed/tier-fanout.ts';
import { FramePages } from '../frames/frame-pages.ts';
import { HttpLocks } from '../locks/http-locks.ts';
import { type LockObserver, lockEvent, NodeLocks } from '../locks/node-locks.ts';
import { type PathWatch, UNWATCHED } from '../path/path-watch.ts';
import { NodePresence } from '../presence/node-presence.ts';
import { nodeSummary } from '../presence/node-summary.ts';
import type { NodeRuntime, Timer } from '../runtime.ts';
import { SnapshotPages } from '../snapshot/snapshot-pages.ts';
import { AdministrationNews } from './administration-news.ts';
import { ApiAnswers } from './api-answers.ts';
import { Audience } from './audience.ts';
import type { Topics } from './client-socket.ts';
import type { ConnectionObserver } from './connection/connection-context.ts';
import { unansweredEdits } from './connection/unanswered-edits.ts';
import { Connections } from './connections.ts';
import { Freshness, type FreshnessState } from './freshness.ts';
import type { NoteInput } from './identity.ts';
import { POSITION_CHECK_MS } from './limits.ts';
import type { NodeDatabase } from './node-database.ts';
import { CONNECTIONS_OF_ONE, PeopleHere } from './people-here.ts';
import { Reception, type ReceptionObserver } from './reception.ts';
import { SharedRoles } from './shared-roles.ts';
import { WorkspacesHere } from './workspaces-here.ts';

/** What the nodes tell each other. */
const nodeMessage = z.discriminatedUnion('kind', [...lockEvent.options, nodeSummary]);

/** What a node hears from the bus. */
export type BusListener = FeedListener &
  Pick<FeedReaderOptions, 'onNotice' | 'onState' | 'onCanary' | 'onUnreadable' | 'onFailed'>;

/** What is counted of a node. */
export interface NodeObserver extends ReceptionObserver, ConnectionObserver, LockObserver {
  /** Frames go to the live sockets of a workspace, so many at once. */
  readonly onFrames: (frames: number, sockets: number) => void;
  /** So many frames go to the clients of a slower tier as part of another. */
  readonly onMerged: (tierMs: SlowTierMs, frames: number) => void;
  /** A page of a snapshot is read from the database. */
  readonly onSnapshotQuery: () => void;
  /** A page of frames is read and encoded. */
  readonly onFramePage: () => void;
  /** A client found that its state had gone wrong. */
  readonly onDiverged: () => void;
  /** Something from outside could not be read, and is left out. */
  readonly onUnreadable: ReportUnreadable;
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
  /** How many connections a person may have here; the usual number where it is absent. */
  readonly personConnections?: number | undefined;
  /** At which level the cluster works (R5.4). */
  readonly level: () => ServiceLevel;
  /** Writes down that the person of a session was there; nobody does where it is absent. */
  readonly noteInput?: NoteInput;
  /** Makes the body of an answer of a page's JSON. */
  readonly encode: (json: string) => Promise<Buffer>;
  readonly observer: NodeObserver;
  /** What happens here is noted there; nowhere where it is absent. */
  readonly trail?: Trail;
  /** Follows edits and frames; nobody does where it is absent. */
  readonly path?: PathWatch;
}

/**
 * The part of a node that decides: who may be here, what each client gets and when, what is answered. Around it are sockets
 * and HTTP, Postgres and Redis; the simulation puts its own there.
 */
export class NodeCore implements AsyncDisposable {
  readonly connections: Connections;
  readonly feeds: Feeds;
  readonly locks: NodeLocks;
  readonly httpLocks: HttpLocks;
  /** Whether this node hears what happens. */
  readonly freshness: Freshness;
  /** Where the sockets of clients come in. */
  readonly reception: Reception;
  /** What the API answers. */
  readonly answers: ApiAnswers;
  readonly #administration: AdministrationNews;
  readonly #presence: NodePresence;
  readonly #here: WorkspacesHere;
  readonly #roles: SharedRoles;
  /** Locks that wait for a connection of a person who may not edit any more. */
  readonly #endWaitingLocks: (userId: string) => void;
  readonly #positionCheck: Timer;

  /** Long because it names, once, what each part is given. */
  constructor(options: NodeCoreOptions) {
    const {
      name,
      runtime,
      logger,
      database,
      openReader,
      lockService,
      board,
      encode,
      observer,
      path = UNWATCHED,
      trail = UNRECORDED,
    } = options;
    const audience = new Audience(options.topics);
    const publish = (workspace: string, message: string) => audience.notify(workspace, message);
    this.connections = new Connections(runtime, logger);
    this.#administration = new AdministrationNews({
      runtime,
      publish,
      followed: () => this.connections.followedWorkspaces(),
    });
    this.#roles = new SharedRoles(database);
    this.#endWaitingLocks = (userId) => {
      const mayEditIn = async () => {
        const all = await database.memberships(userId);
        return new Set(all.filter(({ role }) => roleAllows(role, 'editor')).map(({ id }) => id));
      };
      this.locks
        .endWaiting(userId, mayEditIn)
        .catch((error: unknown) => logger.event('lock-not-ended', { err: error }));
    };
    this.freshness = new Freshness({ runtime, onChange: (state) => this.#freshnessChanged(state, logger) });
    const { onUnreadable } = observer;
    this.httpLocks = new HttpLocks({ service: lockService, trail, logger });
    this.locks = new NodeLocks({
      service: lockService,
      runtime,
      logger,
      publish,
      onLockEnded: observer.onLockEnded,
      trail,
      recordWith: (record, act) => database.recordWith(record, act),
    });
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
      onFlushed: path.flushed,
      onMerged: observer.onMerged,
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
          onCanary: ({ transitMs, moved }) => {
            if (moved) this.feeds.toldOf(moved);
            // It came past frames that no client here gets.
            if (!this.feeds.isInDoubt) this.freshness.heard(transitMs);
          },
          onUnreadable,
          onFailed: (error) => logger.event('bus-message-failed', { err: error }),
          onResubscribed: () => {
            listener.onResubscribed();
            this.#reloadStates(logger);
          },
        }),
    });
    this.#positionCheck = runtime.every(POSITION_CHECK_MS, () => this.feeds.compareSome());
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
    this.#here = new WorkspacesHere({
      runtime,
      feeds: this.feeds,
      isNeeded: (workspace) => this.locks.isKeeping(workspace),
      letGo: (workspace) => {
        for (const part of [this.feeds, this.locks, this.#presence]) part.close(workspace);
        snapshots.forget(workspace);
      },
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
      onUnrecorded: (notices: readonly NewNotice[]) => {
        for (const notice of notices) trail.note(notice);
      },
    };
    this.answers = new ApiAnswers({
      runtime,
      database,
      edits,
      path,
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
        trail,
        database,
        noteInput: options.noteInput ?? (() => undefined),
        performEdit: (order) => performEdit(edits, order),
        unanswered: unansweredEdits(),
        people: new PeopleHere(options.personConnections ?? CONNECTIONS_OF_ONE, runtime),
        roles: this.#roles,
        audience,
        here: this.#here,
        feeds: this.feeds,
        locks: this.locks,
        presence: this.#presence,
        freshness: this.freshness,
        path,
        onDiverged: (workspace) => {
          observer.onDiverged();
          snapshots.renew(workspace);
        },
        level: options.level,
        onSubscribed: observer.onSubscribed,
        onCaughtUp: observer.onCaughtUp,
        onLockAsked: observer.onLockAsked,
        onReconnect: observer.onReconnect,
        onClosed: observer.onClosed,
      },
      observer,
    );
  }

  /** A person's sessions or roles changed; null when anyone's may have. */
  accessChanged(userId: string | null): void {
    this.#roles.forgetAll();
    this.connections.accessChanged(userId);
    if (userId !== null) this.#endWaitingLocks(userId);
  }

  /** People or workspaces were administered: in a workspace, or with null in the whole installation. */
  administered(workspace: string | null): void {
    this.#administration.heard(workspace);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#positionCheck.cancel();
    this.#here[Symbol.dispose]();
    this.#administration[Symbol.dispose]();
    this.freshness[Symbol.dispose]();
    await this.#presence[Symbol.asyncDispose]();
    await this.locks[Symbol.asyncDispose]();
    this.feeds[Symbol.dispose]();
    this.connections[Symbol.dispose]();
  }

  #freshnessChanged(state: FreshnessState, logger: Logger): void {
    const { ageMs } = this.freshness;
    if (state === 'stale') {
      logger.event('node-stale', { ageMs });
      this.connections.becameStale();
      return;
    }
    logger.event('node-live', { ageMs });
    // What was missed comes first, so that nobody takes for current what is not.
    this.feeds
      .catchUpAll()
      .catch((error: unknown) => logger.event('missed-unread', { err: error }))
      .finally(() => {
        if (this.freshness.state === 'live') this.connections.becameLive();
      });
  }

  /** What the other nodes said of locks and presence may have been missed. */
  #reloadStates(logger: Logger): void {
    Promise.all([this.locks.reload(), this.#presence.reload()]).catch((error: unknown) =>
      logger.event('states-unread', { err: error }),
    );
  }
}
