import type { LogFormat, LogLevel } from '@meldesync/telemetry';
import { z } from 'zod';

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.string().min(1),
  REDIS_PREFIX: z.string().min(1).default('meldesync'),
  NODE_NAME: z.string().min(1).default('relay'),
  ADMIN_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  REPLICATION_SLOT: z
    .string()
    .regex(/^[a-z0-9_]{1,63}$/)
    .default('meldesync'),
  HOLD_BACK_MS: z.coerce.number().int().min(1_000).default(120_000),
  STREAM_AGE_HOURS: z.coerce
    .number()
    .positive()
    .max(24 * 365)
    .default(24),
  STREAM_LENGTH: z.coerce.number().int().min(1_000).default(200_000),
  RANGE_THRESHOLD: z.coerce.number().int().min(1).default(100),
});

/** What a relay is told from outside. */
export interface RelayConfig {
  /** Connection of a role with REPLICATION that owns the tables. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly name: string;
  /** 0 takes a free port. */
  readonly adminPort: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly slot: string;
  /** How long a position is kept unconfirmed, so that Redis can be filled again from the WAL. */
  readonly holdBackMs: number;
  /** About how many frames a workspace's stream keeps (R4.4). */
  readonly streamLength: number;
  /** How long a frame is kept at most (R4.4). */
  readonly streamAgeMs: number;
  /** Transactions with more changes of a workspace than this are told of by a range notice, for clients to pull (R3.5). */
  readonly rangeThreshold: number;
  /** How long Redis may leave a question unanswered before the slot is left to another relay; 10 s when not said. */
  readonly redisTimeoutMs?: number;
}

/** Reads the configuration; throws a ZodError that names what is wrong. */
export function readConfig(source: Record<string, string | undefined>): RelayConfig {
  const parsed = environment.parse(source);
  return {
    databaseUrl: parsed.DATABASE_URL,
    redisUrl: parsed.REDIS_URL,
    redisPrefix: parsed.REDIS_PREFIX,
    name: parsed.NODE_NAME,
    adminPort: parsed.ADMIN_PORT,
    logLevel: parsed.LOG_LEVEL,
    logFormat: parsed.LOG_FORMAT,
    slot: parsed.REPLICATION_SLOT,
    holdBackMs: parsed.HOLD_BACK_MS,
    streamLength: parsed.STREAM_LENGTH,
    streamAgeMs: parsed.STREAM_AGE_HOURS * 3_600_000,
    rangeThreshold: parsed.RANGE_THRESHOLD,
  };
}
