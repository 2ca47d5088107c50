import { type CheckpointSigner, createCheckpointSigner, WrongKey } from '@meldesync/audit';
import { readSettings, WrongSettings } from '@meldesync/config';
import { redisUrls } from '@meldesync/lifecycle';
import type { LogFormat, LogLevel } from '@meldesync/telemetry';
import type { ImportLimits } from './jobs/import-csv/import-csv.ts';
import type { RetentionPolicy } from './jobs/retention/policy.ts';
import type { RetentionRules } from './jobs/retention/retain.ts';
import type { CheckpointSettings } from './jobs/seal/checkpoints.ts';

/** What a worker is told from outside. */
export interface WorkerConfig {
  /** Connection as the worker's role. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly name: string;
  /** 0 takes a free port. */
  readonly adminPort: number;
  /** Where the admin port listens; this machine alone without it. */
  readonly adminHost?: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** How many batches are worked through at a time. */
  readonly importConcurrency: number;
  readonly importLimits: ImportLimits;
  /** Between two looks for records that were written past the triggers; 0 looks for none. */
  readonly sweepIntervalMs: number;
  /** What goes after its time; `lookMs` 0 lets nothing go and finishes no erasure. */
  readonly retention: RetentionRules & { readonly everyHours: number; readonly lookMs: number };
  /** Between two batches of the trail that are sealed; 0 seals nothing. */
  readonly sealIntervalMs: number;
  /** Without it nothing is signed. */
  readonly checkpoints?: CheckpointSettings | undefined;
  /** Memory that it may have; without it what its control group allows, or the machine has. */
  readonly memoryLimitBytes?: number | undefined;
}

/** Reads the configuration; throws `WrongSettings`. */
export function readConfig(source: Record<string, string | undefined>): WorkerConfig {
  const settings = readSettings('worker', source);
  return {
    databaseUrl: settings.DATABASE_URL,
    redisUrl: redisUrls(settings).redisUrl,
    redisPrefix: settings.REDIS_PREFIX,
    name: settings.NODE_NAME,
    adminPort: settings.ADMIN_PORT,
    adminHost: settings.ADMIN_HOST,
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT,
    importConcurrency: settings.IMPORT_CONCURRENCY,
    importLimits: { maxRejectedRows: settings.IMPORT_MAX_REJECTED, maxWarnedRows: settings.IMPORT_MAX_WARNED },
    sweepIntervalMs: settings.SWEEP_INTERVAL_MS,
    retention: {
      policy: {
        operations: { count: settings.RETENTION_OPERATIONS_DAYS, unit: 'days' },
        'import-rows': months(settings.RETENTION_IMPORT_ROWS_MONTHS),
        conflicts: months(settings.RETENTION_CONFLICTS_MONTHS),
        events: months(settings.RETENTION_EVENTS_MONTHS),
        changes: months(settings.RETENTION_DELETED_MONTHS),
      },
      archiveFolder: settings.AUDIT_ARCHIVE_FOLDER,
      mayDropUnarchived: settings.RETENTION_WITHOUT_ARCHIVE === 'drop',
      everyHours: settings.RETENTION_EVERY_HOURS,
      lookMs: RETENTION_LOOK_MS,
    },
    sealIntervalMs: settings.AUDIT_SEAL_INTERVAL_MS,
    checkpoints:
      settings.AUDIT_SIGNING_KEY === undefined
        ? undefined
        : {
            signer: readSigner(settings.AUDIT_SIGNING_KEY),
            intervalMs: settings.AUDIT_CHECKPOINT_INTERVAL_MS,
            file: settings.AUDIT_CHECKPOINT_FILE,
            url: settings.AUDIT_CHECKPOINT_URL,
          },
    memoryLimitBytes: settings.MEMORY_LIMIT_BYTES,
  };
}

/** How soon a worker takes up what somebody asked for. */
const RETENTION_LOOK_MS = 3_000;

function months(count: number): RetentionPolicy[keyof RetentionPolicy] {
  return count === 0 ? null : { count, unit: 'months' };
}

function readSigner(pem: string): CheckpointSigner {
  try {
    return createCheckpointSigner(pem);
  } catch (error) {
    if (!(error instanceof WrongKey)) throw error;
    throw new WrongSettings([
      { name: 'AUDIT_SIGNING_KEY', problem: `must be an Ed25519 key, PKCS#8 in PEM: ${error.message}` },
    ]);
  }
}
