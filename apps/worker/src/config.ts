import { type CheckpointSigner, createCheckpointSigner, WrongKey } from '@meldesync/audit';
import { readSettings, WrongSettings } from '@meldesync/config';
import type { LogFormat, LogLevel } from '@meldesync/telemetry';
import type { ImportLimits } from './jobs/import-csv/import-csv.ts';
import type { CheckpointSettings } from './jobs/seal/checkpoints.ts';

/** What a worker is told from outside. */
export interface WorkerConfig {
  /** Connection as the application's role. */
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
    redisUrl: settings.REDIS_URL,
    redisPrefix: settings.REDIS_PREFIX,
    name: settings.NODE_NAME,
    adminPort: settings.ADMIN_PORT,
    adminHost: settings.ADMIN_HOST,
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT,
    importConcurrency: settings.IMPORT_CONCURRENCY,
    importLimits: { maxRejectedRows: settings.IMPORT_MAX_REJECTED, maxWarnedRows: settings.IMPORT_MAX_WARNED },
    sweepIntervalMs: settings.SWEEP_INTERVAL_MS,
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
