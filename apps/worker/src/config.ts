import type { LogFormat, LogLevel } from '@meldesync/telemetry';
import { z } from 'zod';

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.string().min(1),
  REDIS_PREFIX: z.string().min(1).default('meldesync'),
  NODE_NAME: z.string().min(1).default('worker'),
  ADMIN_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  IMPORT_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(2),
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
  /** How many files are worked through at a time. */
  readonly importConcurrency: number;
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
  };
}
