import type { CaseStatus, Meldebestaetigung } from '@meldesync/domain';
import type {
  Change,
  Cursor,
  EditItem,
  EditOutcome,
  EndedLock,
  ErrorCode,
  ImportSummary,
  PresentPerson,
  RecordPatch,
  Role,
  SyncedRecord,
} from '@meldesync/protocol';
import type { SyncPersistence } from './persistence/sync-persistence.ts';

/** A record in the client's store, with its IBE segment taken apart once. Never mutated: a change makes a new object. */
export interface ClientRecord extends SyncedRecord {
  /** Null when the segment stored on the server cannot be parsed (written past the application). */
  readonly mb: Meldebestaetigung | null;
}

/** Where the connection stands; the pill of the page and the terminal show it. Times are epoch milliseconds. */
export type ConnectionState =
  | { readonly name: 'stopped' }
  | { readonly name: 'connecting' }
  /** A snapshot is on its way; `total` is null until its first page says it. */
  | { readonly name: 'loading'; readonly loaded: number; readonly total: number | null }
  /** `everyMs`: the connection is slow, and changes come this far apart, merged (R4.5); absent when they come at once. */
  | { readonly name: 'live'; readonly roundTripMs: number | null; readonly everyMs?: number }
  /**
   * Lost, or not made yet; `since` is when the store was live last, or the start. `retryAt` is when the next try begins;
   * one whose time has come is under way. `attempt` counts tries that failed.
   */
  | { readonly name: 'reconnecting'; readonly attempt: number; readonly retryAt: number; readonly since: number }
  /**
   * Tries fail again and again (R4.3). They go on in the background; meanwhile `refresh` brings the store up to date and
   * edits go over HTTP.
   */
  | { readonly name: 'manual'; readonly attempt: number; readonly retryAt: number; readonly since: number }
  /** The environment says that there is no network. Edits wait; the next try begins when there is one. */
  | { readonly name: 'offline'; readonly since: number }
  | { readonly name: 'needs-sign-in' }
  /** Closed for a reason that a retry does not mend. */
  | { readonly name: 'refused'; readonly code: ErrorCode };

/** One change as the store applied it: what the record was and what it is. */
export interface AppliedChange {
  readonly change: Change;
  /** Undefined on an insert. */
  readonly before: ClientRecord | undefined;
  /** Undefined on a delete. */
  readonly after: ClientRecord | undefined;
  /** True when this client's own edit made it. */
  readonly own: boolean;
}

export type Unsubscribe = () => void;

/** The confirmed records of one workspace, kept current by the feed. */
export interface RecordStore {
  readonly size: number;
  get(id: number): ClientRecord | undefined;
  values(): IterableIterator<ClientRecord>;
  /**
   * Called once a batch, after it was applied: the changes of a frames message. Empty `changes` say that the store is to
   * be read anew: after each snapshot, and while the first one is loaded each time its records have doubled.
   */
  subscribe(listener: (changes: readonly AppliedChange[]) => void): Unsubscribe;
}

/** What the environment must bring: browser globals in the web app, `ws` and fetch with a bearer token in the CLI. */
export interface SyncClientOptions {
  /** Origin of the service, such as `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  readonly workspace: string;
  readonly client: { readonly kind: 'web' | 'cli' | 'api'; readonly version: string };
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
}

/** Where a client runs, as far as it concerns the connection. */
export interface ClientEnvironment {
  /** False when it is known that there is no network. */
  isOnline(): boolean;
  /** Whether a person may be looking. */
  isVisible(): boolean;
  /** Calls back when one of them may have changed, and whenever what is known of the connection may be old. */
  onChange(listener: () => void): Unsubscribe;
}

/** The part of the WHATWG WebSocket that the client uses; browsers and `ws` both have it. */
export interface SyncSocket {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: SocketHandler<unknown>;
  onmessage: SocketHandler<{ data: unknown }>;
  onclose: SocketHandler<{ code: number; reason: string }>;
  onerror: SocketHandler<unknown>;
}

/** A method's type: both kinds of WebSocket give their handlers more than is named here. */
type SocketHandler<Event> = { handle(event: Event): void }['handle'] | null;

export interface ClientRuntime {
  now(): number;
  random(): number;
  randomId(): string;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Who the server takes this client for; null before the first welcome. */
export interface Session {
  readonly user: string;
  readonly role: Role;
  readonly node: string;
}

/** A lock as this client knows it (R1.4). A change makes a new object. */
export interface LiveLock {
  readonly lock: string;
  readonly records: readonly number[];
  readonly user: string;
  readonly instance: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** When it ends unless its holder is heard of again, in epoch milliseconds of this client; null while they are there. */
  readonly endsAt: number | null;
  /** True when this very client holds it. */
  readonly own: boolean;
}

/** The locks of the workspace, kept current while the connection is live; empty while there is none. */
export interface LockStore {
  /** The lock on a record. */
  get(record: number): LiveLock | undefined;
  values(): IterableIterator<LiveLock>;
  /** Called once a message, after it was applied. */
  subscribe(listener: () => void): Unsubscribe;
}

/** A lock this client holds until it gives it back, is stopped, or loses it. Survives a short loss of connection (R2.3). */
export interface HeldLock {
  readonly lock: string;
  readonly records: readonly number[];
  /** Called at most once, when the lock is gone though it was not given back. Called at once when it already is. */
  onLost(listener: (end: EndedLock) => void): Unsubscribe;
  /** Gives it back; resolves when it is gone, however that came. */
  release(): Promise<void>;
}

/** What became of the wish for a lock. */
export type LockAnswer =
  | { readonly outcome: 'granted'; readonly lock: HeldLock }
  /** Nothing was locked. Empty when it is not known yet who holds it. */
  | { readonly outcome: 'held'; readonly locks: readonly LiveLock[] };

/** Who is in the workspace. */
export interface PresenceSnapshot {
  readonly people: readonly PresentPerson[];
  /** How many there are, named or not. */
  readonly total: number;
}

/** Who is here, kept current while the connection is live; nobody while there is none. */
export interface PresenceStore {
  /** The same object until it changes. */
  getSnapshot(): PresenceSnapshot;
  subscribe(listener: () => void): Unsubscribe;
}

/** What a person wants of one record, and the record as they saw it when they decided. */
export interface EditIntent {
  readonly seen: ClientRecord;
  readonly set: RecordPatch;
  /** The conflict it settles. */
  readonly resolves?: EditItem['resolves'];
}

/** An intent and what became of it. */
export interface SettledEdit extends EditIntent {
  readonly outcome: EditOutcome;
}

/**
 * An edit of a page that is gone, settled by the client that took it over: nobody awaits it, and the person has to be
 * told if it was not accepted.
 */
export type ResumedEdit =
  | { readonly outcome: 'settled'; readonly edits: readonly SettledEdit[] }
  /** It was refused as a whole. */
  | { readonly outcome: 'refused'; readonly intents: readonly EditIntent[]; readonly code: ErrorCode };

/**
 * The records with this client's edits that are not settled laid over them: what a screen shows. Confirmed changes and
 * own edits alike reach its listeners; an edit that is refused is taken back (R2.1). Where only what is pending changed,
 * `before` and `after` of a change are the same object.
 */
export interface OptimisticRecords extends RecordStore {
  /** The fields of a record that wait for an answer; the same object until that changes. */
  pendingOf(record: number): RecordPatch | undefined;
  /** How many edits wait. */
  readonly pendingCount: number;
  /**
   * Sends the intents as one edit and shows them at once. Edits of one record go one after the other, the next based on
   * the version the one before made, because that is what the person saw. Rejects like `SyncClient.edit`, and with
   * `too-many-unsent` when 1,000 wait already. With `persistence` it outlives the page: when the client is stopped
   * meanwhile it rejects, and the next client sends it (`SyncClient.onResumed`).
   */
  submit(intents: readonly EditIntent[]): Promise<SettledEdit[]>;
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
  /** When the store was last known to be current, in epoch milliseconds; null until it first was (R4.3). */
  readonly currentAt: number | null;
  /** Edits that are not settled yet: offline they wait here. */
  readonly pendingEdits: number;
  /** How many changes of large transactions, about, are still being fetched while newer ones are live (R3.5). */
  readonly fetching: number;
  /** Called after each change of `connection`, `session`, `pendingEdits` or `fetching`. */
  onConnection(listener: (state: ConnectionState) => void): Unsubscribe;
  /**
   * Called for each edit of an earlier page once it is settled. Those that were settled before anybody listened come at
   * once; none is forgotten before a listener was called with it.
   */
  onResumed(listener: (edit: ResumedEdit) => void): Unsubscribe;
  onImport(listener: (summary: ImportSummary) => void): Unsubscribe;
  /** Connects and stays connected until `stop`. */
  start(): void;
  /** Ends the connection and every timer; pending edits reject. */
  stop(): void;
  /** Connects at once instead of waiting for the backoff (the person pressed "reconnect", or signed in again). */
  reconnectNow(): void;
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
  lock(records: readonly number[]): Promise<LockAnswer>;
  /** Ends any lock of one's own, from whichever window; an admin may end another person's. Rejects with `SyncError`. */
  endLock(lock: string): Promise<void>;
  /** Says which records the person has open, for the others to see; remembered for the next connection. */
  attend(records: readonly number[]): void;
}

/** A case: its records side by side. Rows are immutable; a change of the case makes a new object. */
export interface CaseRow {
  /** Stable while the case lives: `case:<case id>`, or `record:<id>` for a record without a case id. Never for URLs or logs. */
  readonly key: string;
  readonly caseId: string | null;
  /** Newest Leistungsdatum first; usually one each. */
  readonly genomic: readonly ClientRecord[];
  readonly clinical: readonly ClientRecord[];
  /** Records whose segment cannot be parsed. A row of nothing else has the status of an incomplete case. */
  readonly unreadable: readonly ClientRecord[];
  readonly status: CaseStatus;
  /** The latest change of any of its records. */
  readonly latest: { readonly at: string; readonly by: string };
}

export type CaseFilter = 'all' | 'open' | 'incomplete' | 'complete' | 'valid' | 'done' | 'without-case';
export type CaseSortColumn =
  | 'caseId'
  | 'status'
  | 'indikation'
  | 'typ'
  | 'genomic'
  | 'clinical'
  | 'assignee'
  | 'note'
  | 'latest';

/** What a person wants to see. Mine alone, never shared (R3.3). */
export interface CaseQuery {
  /** Every word must occur somewhere in the case: case id, Vorgangsnummer, codes, field words, note. */
  readonly text: string;
  readonly filter: CaseFilter;
  /** Null is the working order of the domain. */
  readonly sort: { readonly column: CaseSortColumn; readonly direction: 'asc' | 'desc' } | null;
}

/** Counts over what the text and the filter show. */
export interface CaseTotals {
  /** Rows with a case id; `complete`, `valid` and `done` are counted among them. */
  readonly cases: number;
  readonly complete: number;
  readonly valid: number;
  readonly done: number;
  /** Rows of records without a case id. */
  readonly withoutCase: number;
  /** Records of all rows. */
  readonly records: number;
}

export interface CaseViewSnapshot {
  readonly rows: readonly CaseRow[];
  readonly totals: CaseTotals;
}

/** A filtered, sorted, live list of cases, kept up to date by each change instead of being built anew. */
export interface CaseView {
  /** The same object until something changed: made for `useSyncExternalStore`. */
  getSnapshot(): CaseViewSnapshot;
  subscribe(listener: () => void): Unsubscribe;
  setQuery(query: CaseQuery): void;
  dispose(): void;
}
