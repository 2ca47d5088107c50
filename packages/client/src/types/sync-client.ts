import type { Change, Cursor, EditItem, EditOutcome, ImportSummary, Role } from '@meldesync/protocol';
import type { ConnectionState } from './connection-state.ts';
import type { OptimisticRecords, ResumedEdit } from './edits.ts';
import type { ClientEnvironment, ClientRuntime, SyncSocket } from './environment.ts';
import type { Keeping } from './keeping.ts';
import type { LockAnswer, LockOptions, LockStore } from './locks.ts';
import type { PresenceStore } from './presence.ts';
import type { RecordStore } from './records.ts';
import type { SyncPersistence } from './sync-persistence.ts';
import type { Unsubscribe } from './unsubscribe.ts';

/** What the environment must bring: browser globals in the web app, `ws` and fetch with a bearer token in the CLI. */
export interface SyncClientOptions {
  /** Origin of the service, such as `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  readonly workspace: string;
  readonly client: { readonly kind: 'web' | 'cli' | 'api'; readonly version: string };
  /**
   * False for who reads records in another way: none is loaded, the store stays empty, and edits (`edit`) are settled by their
   * answers. True when absent.
   */
  readonly keepsRecords?: boolean;
  /**
   * Of a client that keeps no records: called with the changes of all records as they are told; with null where some were not told
   * one by one, first of all when it begins. What is then read holds what came before.
   */
  readonly onNews?: (changes: readonly Change[] | null) => void;
  readonly fetch: typeof globalThis.fetch;
  readonly openSocket: (url: string, subprotocol: string) => SyncSocket;
  /** What the client can learn of where it runs. Without it, it takes itself to be awake and to have a network. */
  readonly environment?: ClientEnvironment;
  /** Keeps the store, and the edits that wait, for the next client of the same person and workspace. */
  readonly persistence?: SyncPersistence;
  /** Randomness for jitter and operation ids, clock and timers: passed in so that tests own them. */
  readonly runtime?: Partial<ClientRuntime>;
  /**
   * Hears of what has no caller: a malformed message (`ProtocolViolation`), an error the server sent without being
   * asked (`SyncError`), a listener that threw. Messages name places, never the content of records. Without it such
   * errors are dropped, but for those of listeners, which are thrown where the environment reports them.
   */
  readonly onError?: (error: Error) => void;
  /**
   * Called with each state of the feed that the store passes, as soon as it holds it and before its readers are told. States
   * that lie within a range, or between frames that came as one, are passed over.
   */
  readonly onPassed?: (state: PassedState) => void;
  /**
   * Called with by how much the server's clock is ahead of `runtime.now`, in milliseconds, as pings tell: times that the server says are
   * compared with that, or a wrong clock here makes them wrong.
   */
  readonly onServerTime?: (aheadMs: number) => void;
}

/** What the records of a store add up to at a cursor, and how many they are (`recordChecksum` of the protocol). */
export interface PassedState {
  readonly cursor: Cursor;
  readonly checksum: number;
  readonly records: number;
  /** What the server says they add up to there; null where it did not say. */
  readonly served: number | null;
}

/** Who the server takes this client for; null before the first welcome. */
export interface Session {
  readonly user: string;
  readonly role: Role;
  readonly node: string;
}

/** A client of one workspace: the store, the connection that keeps it current, and the way to edit. */
export interface SyncClient {
  /** The confirmed records. */
  readonly store: RecordStore;
  /** The records as this client's person should see them. */
  readonly optimistic: OptimisticRecords;
  readonly locks: LockStore;
  readonly presence: PresenceStore;
  /** This client across reconnects, as locks name it. */
  readonly instance: string;
  readonly connection: ConnectionState;
  readonly session: Session | null;
  /** Null until the first snapshot is complete. */
  readonly cursor: Cursor | null;
  /**
   * Whether the store is known to hold what the server holds: the records add up to the checksum that the server sends
   * with each frame. A difference is mended by a snapshot, by itself.
   */
  readonly proof: { readonly state: 'unproved' | 'proved'; readonly checksum: number };
  /** When the store was last known to be current, by `runtime.now`; null until it first was (R4.3). */
  readonly currentAt: number | null;
  /** Edits that are not settled yet: offline they wait here. */
  readonly pendingEdits: number;
  /** How many changes of large transactions, about, are still being fetched while newer ones are live (R3.5). */
  readonly fetching: number;
  /** Whether what is to outlive this client does; `none` without `persistence`. The same object until it changes. */
  readonly keeping: Keeping;
  /** How many records of the workspace cannot be read, and are not shown (P45). */
  readonly unreadable: number;
  /** Called after each change of `connection`, `session`, `pendingEdits`, `fetching`, `keeping` or `unreadable`. */
  onConnection(listener: (state: ConnectionState) => void): Unsubscribe;
  /**
   * Called for each edit of an earlier page once it is settled. Those that were settled before anybody listened come at
   * once; none is forgotten before a listener was called with it.
   */
  onResumed(listener: (edit: ResumedEdit) => void): Unsubscribe;
  onImport(listener: (summary: ImportSummary) => void): Unsubscribe;
  /** Called when people or workspaces were administered, by whomever: what shows them asks again (P53). */
  onAdministration(listener: () => void): Unsubscribe;
  /** Connects and stays connected until `stop`. */
  start(): void;
  /** Ends the connection and every timer; pending edits reject. */
  stop(): void;
  /** Connects at once instead of waiting for the backoff (the person pressed "reconnect", or signed in again). */
  reconnectNow(): void;
  /**
   * The environment knows that the session is over or another person's: the connection ends, and it and the edits wait for
   * `reconnectNow`. A node that ends the session says so by itself.
   */
  signedOut(): void;
  /**
   * Brings the store up to date over HTTP while there is no live connection (R4.3), by what was missed where the server
   * still has it, and else by a snapshot, which may be 2 s older than the call; done at once while there is one.
   * Rejects with `SyncError`; `unavailable` too when the client is stopped meanwhile.
   */
  refresh(): Promise<void>;
  /**
   * Sends an edit and resolves with an outcome per item, in order, once the server has committed it and this client's
   * own store has applied the accepted versions. Survives a reconnect: it is sent again under the same operation id.
   * Rejects with `SyncError` when the message as a whole was refused or the client was stopped.
   */
  edit(items: readonly EditItem[]): Promise<EditOutcome[]>;
  /**
   * Asks for a lock on all of the records or none. Rejects with `SyncError`: `unavailable` without a connection or
   * without an answer in 5 s, `locks-unavailable` when the server cannot lock now. Editing is possible all the same.
   */
  lock(records: readonly number[], options?: LockOptions): Promise<LockAnswer>;
  /** Ends any lock of one's own, from whichever window; an admin may end another person's. Rejects with `SyncError`. */
  endLock(lock: string): Promise<void>;
  /** Says which records the person has open, for the others to see; remembered for the next connection. */
  attend(records: readonly number[]): void;
}
