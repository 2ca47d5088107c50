import type { CaseStatus, Meldebestaetigung } from '@meldesync/domain';
import type {
  Change,
  Cursor,
  EditItem,
  EditOutcome,
  ErrorCode,
  ImportSummary,
  Role,
  SyncedRecord,
} from '@meldesync/protocol';

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
  | { readonly name: 'live'; readonly roundTripMs: number | null }
  | { readonly name: 'reconnecting'; readonly attempt: number; readonly retryAt: number; readonly since: number }
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
  /** Randomness for jitter and operation ids, clock and timers: passed in so that tests own them. */
  readonly runtime?: Partial<ClientRuntime>;
  /**
   * Hears of what has no caller: a malformed message (`ProtocolViolation`), an error the server sent without being
   * asked (`SyncError`), a listener that threw. Messages name places, never the content of records. Without it such
   * errors are dropped, but for those of listeners, which are thrown where the environment reports them.
   */
  readonly onError?: (error: Error) => void;
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

/** A client of one workspace: the store, the connection that keeps it current, and the way to edit. */
export interface SyncClient {
  readonly store: RecordStore;
  readonly connection: ConnectionState;
  readonly session: Session | null;
  /** Null until the first snapshot is complete. */
  readonly cursor: Cursor | null;
  /** When the store was last known to be current, in epoch milliseconds; null until it first was (R4.3). */
  readonly currentAt: number | null;
  /** Edits that are not settled yet: offline they wait here. */
  readonly pendingEdits: number;
  /** Called after each change of `connection`, `session` or `pendingEdits`. */
  onConnection(listener: (state: ConnectionState) => void): Unsubscribe;
  onImport(listener: (summary: ImportSummary) => void): Unsubscribe;
  /** Connects and stays connected until `stop`. */
  start(): void;
  /** Ends the connection and every timer; pending edits reject. */
  stop(): void;
  /** Connects at once instead of waiting for the backoff (the person pressed "reconnect", or signed in again). */
  reconnectNow(): void;
  /**
   * Brings the store up to date over HTTP while there is no live connection (R4.3); done at once while there is one.
   * Rejects with `SyncError`; `unavailable` too when the client is stopped meanwhile.
   */
  refresh(): Promise<void>;
  /**
   * Sends an edit and resolves with an outcome per item, in order, once the server has committed it and this client's
   * own store has applied the accepted versions. Survives a reconnect: it is sent again under the same operation id.
   * Rejects with `SyncError` when the message as a whole was refused or the client was stopped.
   */
  edit(items: readonly EditItem[]): Promise<EditOutcome[]>;
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
