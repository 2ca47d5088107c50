import type { LogFormat, LogLevel } from '@meldesync/telemetry';
import { z } from 'zod';
import type { ImportLimits } from './jobs/import-csv/import-csv.ts';

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.string().min(1),
  REDIS_PREFIX: z.string().min(1).default('meldesync'),
  NODE_NAME: z.string().min(1).default('worker'),
  ADMIN_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  IMPORT_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(2),
  IMPORT_MAX_REJECTED: z.coerce.number().int().min(0).max(100_000).default(1_000),
  IMPORT_MAX_WARNED: z.coerce.number().int().min(0).max(1_000_000).default(10_000),
});

/** What a worker is told from outside. */
export interface WorkerConfig {
  /** Connection as the application's role. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly name: string;
  /** 0 takes a free port. */
  readonly adminPort: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** How many batches are worked through at a time. */
  readonly importConcurrency: number;
  readonly importLimits: ImportLimits;
}

/** Reads the configuration; throws a ZodError that names what is wrong. */
export function readConfig(source: Record<string, string | undefined>): WorkerConfig {
  const parsed = environment.parse(source);
  return {
    databaseUrl: parsed.DATABASE_URL,
    redisUrl: parsed.REDIS_URL,
    redisPrefix: parsed.REDIS_PREFIX,
    name: parsed.NODE_NAME,
    adminPort: parsed.ADMIN_PORT,
    logLevel: parsed.LOG_LEVEL,
    logFormat: parsed.LOG_FORMAT,
    importConcurrency: parsed.IMPORT_CONCURRENCY,
    importLimits: { maxRejectedRows: parsed.IMPORT_MAX_REJECTED, maxWarnedRows: parsed.IMPORT_MAX_WARNED },
  };
}
