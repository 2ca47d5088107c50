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
    todo: 'nothing; `more` says that this client comes and goes',
  },
  'connection-back': {
    level: 'info',
    by: NODE,
    says: 'connection is back: {reason}, {how}',
    fields: [...CLIENT, 'reason', 'afterMs', 'how'],
    cause: ['instance'],
    todo: 'nothing; many with one reason at once tell what happened: `silence` and `closed` a network or proxy, `drain` a node that stopped',
  },
  'connection-degraded': {
    level: 'info',
    by: NODE,
    says: 'connection gets changes every {tierMs} ms',
    fields: ['connection', 'user', 'workspace', 'instance', 'beforeMs', ...QUALITY],
    cause: ['instance'],
    todo: 'nothing for one; many of one place: its network; all of one node: that node',
  },
  'connection-improved': {
    level: 'info',
    by: NODE,
    says: 'connection gets changes every {tierMs} ms again',
    fields: ['connection', 'user', 'workspace', 'instance', 'beforeMs', ...QUALITY],
    cause: ['instance'],
    todo: 'nothing',
  },
  'connection-closed': {
    level: 'info',
    by: NODE,
    says: 'connection closed: {code} by {by}',
    fields: ['connection', 'user', 'code', 'by', ...QUALITY, 'openMs', 'ageMs'],
    optional: ['workspace', 'kind', 'version', 'instance'],
    cause: ['instance', 'code'],
    todo: 'see the runbook, *Connections are closed*',
  },
  'connection-refused': {
    level: 'info',
    by: NODE,
    says: 'connection refused: {code}',
    fields: ['code'],
    cause: ['code'],
    todo: 'see the runbook, *Connections are closed*; 4401 is daily business',
  },
  'client-diverged': {
    level: 'error',
    by: NODE,
    says: 'a client does not hold what the database holds; it takes a snapshot',
    fields: ['connection', 'workspace', 'cursor', 'kind', 'version'],
    cause: ['workspace', 'cursor'],
    todo: 'see the runbook, *A client differed*',
  },
  'connection-failed': {
    level: 'error',
    by: NODE,
    says: 'a connection failed',
    fields: ['err'],
    todo: 'a mistake in the program, which ended that connection alone: report the line with its stack',
  },
  'message-failed': {
    level: ['debug', 'warn', 'error'],
    by: NODE,
    says: 'message failed',
    fields: ['err', 'connection', 'message'],
    cause: ['message'],
    todo: 'a warning: Postgres or Redis is away; an error: report the line with its stack',
  },
} as const satisfies Record<string, EventDefinition>;
