import type { EventDefinition } from './event-definition.ts';

const WORKER = ['worker'] as const;

/** What the worker that seals the trail logs. */
export const SEAL_EVENTS = {
  'seal-failed': {
    level: 'warn',
    by: WORKER,
    says: 'could not seal the trail',
    fields: ['err'],
    todo: 'nothing for one: it is tried again; what waits is sealed then',
  },
  'seals-unsigned': {
    level: 'warn',
    by: WORKER,
    says: 'the trail is sealed, but nothing is signed: a tail that is cut off is not found out',
    fields: [],
    todo: 'set `AUDIT_SIGNING_KEY` and `AUDIT_CHECKPOINT_FILE` (AUDIT.md)',
  },
  'seals-held': {
    level: 'warn',
    by: WORKER,
    says: 'a transaction has been open for long, and keeps the trail from being sealed',
    fields: ['waitedMs'],
    optional: ['backendPid'],
    todo: 'see who it is in `pg_stat_activity`, or in `pg_prepared_xacts` where no process is named, and end it',
  },
  'seals-differ': {
    level: 'error',
    by: WORKER,
    says: 'the chain is not the one that the last checkpoint of the file tells of: a backup was put back, or its end was cut off',
    fields: ['seal'],
    todo: 'run `meldesync audit verify` with the file; after a restore, put the file aside and begin a new one',
  },
  'incarnation-began': {
    level: 'info',
    by: WORKER,
    says: 'this is another server than before, or another life of it; the trail is sealed by ids up to here',
    fields: ['server'],
    trail: 'incarnation-began',
    todo: 'nothing after a restore, a switch to a standby, or an upgrade',
  },
  'checkpoint-unwritten': {
    level: 'error',
    by: WORKER,
    says: 'could not write a checkpoint to the file; none is made until that works',
    fields: ['err'],
    todo: 'make room, or let the worker write there; it is tried again',
  },
  'checkpoint-unposted': {
    level: 'warn',
    by: WORKER,
    says: 'the receiver took no checkpoint',
    fields: ['err'],
    todo: 'nothing for one: it is posted again; else see the receiver',
  },
} as const satisfies Record<string, EventDefinition>;
