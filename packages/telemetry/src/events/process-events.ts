import { ALL, type EventDefinition } from './event-definition.ts';

const REPORT = 'a mistake in the program: report the line with its stack';

/** What every process logs. */
export const PROCESS_EVENTS = {
  'start-refused': {
    level: 'fatal',
    by: ALL,
    says: '{reason}',
    fields: ['reason'],
    todo: 'mend the setting or the server that it names',
  },
  'start-failed': {
    level: 'fatal',
    by: ALL,
    says: 'could not start',
    fields: ['err'],
    todo: 'see the error: mostly Postgres or Redis is away; whoever supervises the process starts it again',
  },
  'stop-overdue': {
    level: 'fatal',
    by: ALL,
    says: 'did not stop in time',
    fields: [],
    todo: 'nothing is lost; often: report it',
  },
  'stop-failed': { level: 'fatal', by: ALL, says: 'could not stop', fields: ['err'], todo: REPORT },
  'promise-failed': {
    level: 'error',
    by: ALL,
    says: 'a promise failed that nobody waited for',
    fields: ['err'],
    todo: REPORT,
  },
  'exception-uncaught': {
    level: 'fatal',
    by: ALL,
    says: 'an exception that nobody caught ends this process',
    fields: ['err'],
    todo: REPORT,
  },
  'log-level-changed': {
    level: 'info',
    by: ALL,
    says: 'the log level is {logLevel}',
    fields: ['logLevel'],
    cause: ['logLevel'],
    todo: 'put it back when done',
  },
  'level-changed': {
    level: 'info',
    by: ALL,
    says: 'works at the level {serviceLevel}',
    fields: ['serviceLevel', 'chosenBy', 'reasons'],
    cause: ['serviceLevel'],
    trail: ['level-changed', 'level-chosen'],
    todo: 'see the reasons, and the runbook, "The cluster saves work"',
  },
  'status-not-told': {
    level: 'error',
    by: ALL,
    says: 'could not say how this process is',
    fields: ['err'],
    todo: REPORT,
  },
  'connection-broke': {
    level: 'warn',
    by: ALL,
    says: 'connection broke: {to}, {purpose}',
    fields: ['err', 'to', 'purpose'],
    cause: ['to'],
    todo: 'nothing where it comes back by itself; one line a minute: that server is away',
  },
  'server-unasked': {
    level: 'warn',
    by: ALL,
    says: 'a server could not be asked whether it is supported',
    fields: ['err'],
    todo: 'nothing if it comes; the process waits for it',
  },
  'database-newer': {
    level: 'warn',
    by: ALL,
    says: '{reason}',
    fields: ['reason'],
    todo: 'nothing during an update; else bring the process to the release of the database',
  },
  unreadable: {
    level: 'warn',
    by: ALL,
    says: 'something could not be read and is left out',
    fields: ['place', 'reason'],
    optional: ['workspace', 'record'],
    cause: ['place', 'workspace'],
    todo: 'see the runbook, *Something cannot be read*',
  },
} as const satisfies Record<string, EventDefinition>;
