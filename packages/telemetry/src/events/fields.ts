/** What kind of value a field holds: `error` what was caught, written without the data it may hold; `data` lists and
 * tables of texts and numbers. */
type FieldType = 'text' | 'number' | 'boolean' | 'error' | 'data';

interface FieldDefinition {
  readonly type: FieldType;
  readonly means: string;
}

/**
 * Every field of an event. A name means the same in each of them. None holds a name of a person, an e-mail address, a case id or a
 * Vorgangsnummer: people, workspaces and records are named by their internal ids.
 */
export const FIELDS = {
  address: { type: 'text', means: 'network address that a request came from' },
  adminPort: { type: 'number', means: 'port of metrics, readiness and log level' },
  afterMs: { type: 'number', means: 'how long the client was away, as it says' },
  ageMs: { type: 'number', means: 'since the freshest canary that this node heard was written' },
  applyLagMs: { type: 'number', means: 'how long the client took to apply the last changes, as it said last' },
  attempts: { type: 'number', means: 'how often it was tried' },
  backendPid: { type: 'number', means: 'process of Postgres' },
  beforeMs: { type: 'number', means: 'the tier before, as `tierMs`' },
  bufferedBytes: { type: 'number', means: 'what waited in the connection’s buffer' },
  by: { type: 'text', means: 'who ended it: `client`, `node`, or `line` where it broke without a word' },
  certificate: {
    type: 'text',
    means: 'which: `served` at `BASE_URL`, or the one in the `file` of `TLS_CERTIFICATE_FILE`',
  },
  chosenBy: { type: 'text', means: 'who chose the level: `measured`, or a `person`' },
  code: { type: 'number', means: 'close code (PROTOCOL.md)' },
  connection: { type: 'text', means: 'id of a connection; its client is told it as `session` in `welcome`' },
  count: { type: 'number', means: 'how many' },
  cursor: { type: 'text', means: 'a place in the feed' },
  days: { type: 'number', means: 'whole days that are left; below 0 once it is over' },
  epoch: { type: 'text', means: 'the life of a feed' },
  err: { type: 'error', means: 'type, message, stack and codes of an error, and of what caused it' },
  frame: { type: 'text', means: 'position of a frame' },
  from: { type: 'text', means: 'position in Postgres’ log (LSN)' },
  gone: { type: 'data', means: 'how many of each kind went, or in a dry run would' },
  how: {
    type: 'text',
    means:
      'how the client got what it missed: `memory` of this node, `stream` in Redis, `range` told of and fetched, `snapshot`; `nothing` missed',
  },
  import: { type: 'text', means: 'id of an import' },
  instance: { type: 'text', means: 'names a client across its connections' },
  isDryRun: { type: 'boolean', means: 'it only counted' },
  kind: { type: 'text', means: 'what the client is: `web`, `cli`, `api`' },
  lock: { type: 'text', means: 'id of a lock' },
  logLevel: { type: 'text', means: 'from which level on lines are written' },
  message: { type: 'text', means: 'type of the client’s message' },
  method: { type: 'text', means: 'HTTP method' },
  more: {
    type: 'number',
    means:
      'how many lines of this event and cause were left out since the last one; a line without it stands for itself',
  },
  openMs: { type: 'number', means: 'how long the connection was open' },
  place: { type: 'text', means: 'where it was read' },
  port: { type: 'number', means: 'port of the users' },
  problem: { type: 'text', means: 'code of the error catalogue' },
  purpose: { type: 'text', means: 'what the connection is for' },
  reason: { type: 'text', means: 'why, in a word or a sentence' },
  reasons: { type: 'data', means: 'what is beyond its limit: cause, value and limit' },
  record: { type: 'number', means: 'internal id of a record' },
  records: { type: 'data', means: 'internal ids of records, the first of them where there are many' },
  roundTripMs: { type: 'number', means: 'round trip, as the client measured it last; 0 while it has said nothing' },
  route: { type: 'text', means: 'pattern of the address' },
  rows: { type: 'data', means: 'rows of a file, by what became of them' },
  run: { type: 'number', means: 'number of a run of retention' },
  seal: { type: 'number', means: 'number of a seal of the trail' },
  server: { type: 'text', means: 'which server Postgres is, and which of its lives' },
  serviceLevel: {
    type: 'text',
    means:
      'how far the cluster saves work: `normal`, `reduced`, `minimal`, `manual`; `automatic` where that is measured',
  },
  limit: { type: 'text', means: 'what was tried too often: `password`, `code`, `device-code`, `link`, …' },
  signInMethod: { type: 'text', means: 'how somebody signs in: `password`, `passkey`, `oidc`, `device`' },
  slot: { type: 'text', means: 'name of the replication slot' },
  stays: { type: 'data', means: 'why something stays, by its kind' },
  subscriptions: { type: 'data', means: 'names of subscriptions of Postgres' },
  table: { type: 'text', means: 'name of a table' },
  tables: { type: 'data', means: 'names of tables, and what they have' },
  takeover: { type: 'number', means: 'count of takeovers of the feed' },
  tierMs: { type: 'number', means: 'how far apart the client gets changes; 0 at once' },
  to: { type: 'text', means: 'what it leads to: `Postgres`, `Redis`' },
  transactions: { type: 'data', means: 'open transactions of Postgres: process, account, program, since when' },
  triggers: { type: 'data', means: 'names of triggers' },
  user: { type: 'text', means: 'internal id of a person' },
  version: { type: 'text', means: 'version of the program, or of the client' },
  waitedMs: { type: 'number', means: 'how long it has waited' },
  workspace: { type: 'text', means: 'id of a workspace' },
} as const satisfies Record<string, FieldDefinition>;

export type FieldName = keyof typeof FIELDS;

interface ValueOf {
  text: string;
  number: number;
  boolean: boolean;
  error: unknown;
  data: object;
}

/** What a field of that name takes. */
export type FieldValue<Name extends FieldName> = ValueOf[(typeof FIELDS)[Name]['type']];
