import type { EventDefinition } from './event-definition.ts';

const RELAY = ['relay'] as const;

/** What a relay logs. */
export const RELAY_EVENTS = {
  'relay-up': { level: 'info', by: RELAY, says: 'relay is up', fields: ['version', 'adminPort'], todo: 'nothing' },
  'relay-standing-by': {
    level: 'info',
    by: RELAY,
    says: 'another relay is active; standing by',
    fields: [],
    todo: 'nothing',
  },
  'feed-active': {
    level: 'info',
    by: RELAY,
    says: 'feed is active',
    fields: ['epoch', 'takeover', 'from'],
    todo: 'nothing',
  },
  'feed-broke-off': {
    level: 'error',
    by: RELAY,
    says: 'the feed broke off',
    fields: ['err'],
    todo: 'it is tried again every second; one line a minute: see the error, mostly Postgres or Redis is away',
  },
  'entries-lost': {
    level: 'warn',
    by: RELAY,
    says: 'Redis lost entries; it is filled again from the WAL',
    fields: [],
    todo: 'nothing for one; often: see Redis’ persistence and memory',
  },
  'buffer-shortened': {
    level: 'warn',
    by: RELAY,
    says: 'the oldest frames went before they were too old',
    fields: ['reason', 'count'],
    cause: ['reason'],
    todo: 'see the runbook, *Memory of Redis*: who was away for longer takes a snapshot',
  },
  'stream-begun-anew': {
    level: 'info',
    by: RELAY,
    says: 'stream begins anew',
    fields: ['workspace', 'frame'],
    cause: ['workspace'],
    todo: 'nothing',
  },
  'epoch-begun': {
    level: 'warn',
    by: RELAY,
    says: 'the feed cannot go on; a new epoch begins',
    fields: ['epoch', 'slot'],
    optional: ['reason'],
    todo: 'see the runbook, *Postgres was restored, or a standby was promoted*; every client takes a snapshot by itself',
  },
  'epoch-first': {
    level: 'info',
    by: RELAY,
    says: 'the first epoch begins',
    fields: ['epoch', 'slot'],
    todo: 'nothing',
  },
  'slot-waits': {
    level: 'warn',
    by: RELAY,
    says: 'the slot waits for transactions that are open; nobody is told anything',
    fields: ['slot', 'waitedMs', 'transactions'],
    todo: 'end the transactions that it names',
  },
  'slot-not-cancelled': {
    level: 'warn',
    by: RELAY,
    says: 'could not stop waiting for the slot',
    fields: ['err'],
    todo: 'nothing: the backend ends with its connection',
  },
  'slot-unasked': {
    level: 'warn',
    by: RELAY,
    says: 'could not ask what the slot waits for',
    fields: ['err'],
    todo: 'nothing where the feed becomes active',
  },
  'shutdown-unasked': {
    level: 'warn',
    by: RELAY,
    says: 'could not ask whether Postgres stops',
    fields: ['err'],
    todo: 'nothing for one; see Postgres',
  },
  'canary-not-written': {
    level: 'warn',
    by: RELAY,
    says: 'could not write a canary',
    fields: ['err'],
    todo: 'Postgres takes no writes: see its disk, and whether it is read-only',
  },
} as const satisfies Record<string, EventDefinition>;
