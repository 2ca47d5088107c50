import { readSettings } from '@meldesync/config';
import { redisUrls } from '@meldesync/lifecycle';
import type { LogFormat, LogLevel } from '@meldesync/telemetry';

const HOUR_MS = 3_600_000;

/** What a relay is told from outside. */
export interface RelayConfig {
  /** Connection as the relay's role, which replicates. */
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
  readonly slot: string;
  /** How long a position is kept unconfirmed, so that Redis can be filled again from the WAL. */
  readonly holdBackMs: number;
  /** About how many frames a workspace's stream keeps (R4.4). */
  readonly streamLength: number;
  /** About how many bytes a workspace's stream keeps, and those of all workspaces together. */
  readonly streamBytes: number;
  readonly streamTotalBytes: number;
  /** How long a frame is kept at most (R4.4). */
  readonly streamAgeMs: number;
  /** Transactions with more changes of a workspace than this are told of by a range notice, for clients to pull (R3.5). */
  readonly rangeThreshold: number;
  /** How long Redis may leave a question unanswered before the slot is left to another relay; 5 s when not said. */
  readonly redisTimeoutMs?: number;
  /** Memory that it may have; without it what its control group allows, or the machine has. */
  readonly memoryLimitBytes?: number | undefined;
}

/** Reads the configuration; throws `WrongSettings`. */
export function readConfig(source: Record<string, string | undefined>): RelayConfig {
  const settings = readSettings('relay', source);
  return {
    databaseUrl: settings.DATABASE_URL,
    redisUrl: redisUrls(settings).redisUrl,
    redisPrefix: settings.REDIS_PREFIX,
    name: settings.NODE_NAME,
    adminPort: settings.ADMIN_PORT,
    adminHost: settings.ADMIN_HOST,
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT,
    slot: settings.REPLICATION_SLOT,
    holdBackMs: settings.HOLD_BACK_MS,
    streamLength: settings.STREAM_LENGTH,
    streamBytes: settings.STREAM_BYTES,
    streamTotalBytes: settings.STREAM_TOTAL_BYTES,
    streamAgeMs: settings.STREAM_AGE_HOURS * HOUR_MS,
    rangeThreshold: settings.RANGE_THRESHOLD,
    memoryLimitBytes: settings.MEMORY_LIMIT_BYTES,
  };
}
