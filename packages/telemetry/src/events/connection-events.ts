import type { EventDefinition } from './event-definition.ts';

const NODE = ['node'] as const;
const CLIENT = ['connection', 'user', 'workspace', 'kind', 'version', 'instance'] as const;
const QUALITY = ['tierMs', 'roundTripMs', 'applyLagMs', 'bufferedBytes'] as const;

/** What becomes of the connections of clients (R5.3). */
export const CONNECTION_EVENTS = {
  'connection-opened': {
    level: 'info',
    by: NODE,
    says: 'connection opened',
    fields: [...CLIENT, 'ageMs'],
    cause: ['instance'],
    trail: 'connection-opened',
    todo: 'nothing; `more` says that this client comes and goes',
  },
  'connection-back': {
    level: 'info',
    by: NODE,
    says: 'connection is back: {reason}, {how}',
    fields: [...CLIENT, 'reason', 'afterMs', 'how'],
    cause: ['instance'],
    trail: 'connection-opened',
    todo: 'nothing; many with one reason at once tell what happened: `silence` and `closed` a network or proxy, `drain` a node that stopped',
  },
  'connection-degraded': {
    level: 'info',
    by: NODE,
    says: 'connection gets changes every {tierMs} ms',
    fields: ['connection', 'user', 'workspace', 'instance', 'beforeMs', ...QUALITY],
    cause: ['instance'],
    trail: 'connection-degraded',
    todo: 'nothing for one; many of one place: its network; all of one node: that node',
  },
  'connection-improved': {
    level: 'info',
    by: NODE,
    says: 'connection gets changes every {tierMs} ms again',
    fields: ['connection', 'user', 'workspace', 'instance', 'beforeMs', ...QUALITY],
    cause: ['instance'],
    trail: 'connection-improved',
    todo: 'nothing',
  },
  'connection-by-hand': {
    level: 'info',
    by: NODE,
    says: 'the person of a connection refreshes by hand: {reason}',
    fields: ['connection', 'user', 'workspace', 'instance', 'reason'],
    cause: ['instance'],
    trail: 'connection-degraded',
    todo: '`level`: see the runbook, "The cluster saves work"; `stale`: see `node-stale`',
  },
  'connection-fed': {
    level: 'info',
    by: NODE,
    says: 'changes come to a connection again',
    fields: ['connection', 'user', 'workspace', 'instance'],
    cause: ['instance'],
    trail: 'connection-improved',
    todo: 'nothing',
  },
  'connection-closed': {
    level: 'info',
    by: NODE,
    says: 'connection closed: {code} by {by}',
    fields: ['connection', 'user', 'code', 'by', ...QUALITY, 'openMs', 'ageMs'],
    optional: ['workspace', 'kind', 'version', 'instance'],
    cause: ['instance', 'code'],
    trail: ['connection-closed', 'connection-lost'],
    todo: 'see the runbook, *Connections are closed*',
  },
  'connection-refused': {
    level: 'info',
    by: NODE,
    says: 'connection refused: {code}',
    fields: ['code'],
    cause: ['code'],
    trail: { none: 'nobody was let in, and nobody knows who it was' },
    todo: 'see the runbook, *Connections are closed*; 4401 is daily business',
  },
  'client-diverged': {
    level: 'warn',
    by: NODE,
    says: 'a client does not hold what the database holds; it takes a snapshot',
    fields: ['connection', 'workspace', 'cursor', 'kind', 'version'],
    // Whatever else is told of it, a client can choose.
    cause: ['workspace'],
    trail: { none: 'a mistake of the program, which no person made' },
    todo: 'see the runbook, *A client differed*',
  },
  'connection-failed': {
    level: 'error',
    by: NODE,
    says: 'a connection failed',
    fields: ['err'],
    trail: { none: 'a mistake of the program; the end of the connection is an entry' },
    todo: 'a mistake in the program, which ended that connection alone: report the line with its stack',
  },
  'message-failed': {
    level: ['debug', 'warn', 'error'],
    by: NODE,
    says: 'message failed',
    fields: ['err', 'connection', 'message'],
    cause: ['message'],
    trail: { none: 'nothing was done; what is told of is the failure' },
    todo: 'a warning: Postgres or Redis is away; an error: report the line with its stack',
  },
} as const satisfies Record<string, EventDefinition>;
