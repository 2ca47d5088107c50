import type { LogFormat, LogLevel } from '@meldesync/telemetry';
import { z } from 'zod';
import type { ImportLimits } from './http/import-limits.ts';

const MEBIBYTE = 1024 * 1024;

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default('0.0.0.0'),
  ADMIN_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  NODE_NAME: z.string().min(1).default('node-1'),
  DATABASE_URL: z.string().min(1),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10),
  REDIS_URL: z.string().min(1),
  REDIS_PREFIX: z.string().min(1).default('meldesync'),
  LOCK_REDIS_URLS: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((url) => url.trim() || []))
    .refine((urls) => urls.length === 0 || urls.length % 2 === 1, 'LOCK_REDIS_URLS needs an odd number of masters'),
  AUTH_SECRET: z.string().min(32, 'AUTH_SECRET needs at least 32 characters'),
  BASE_URL: z.url(),
  TRUSTED_ORIGINS: z.string().default(''),
  WEB_DIR: z.string().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  IMPORT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .default(32 * MEBIBYTE),
  IMPORT_MAX_WAITING: z.coerce.number().int().min(2).default(1_000),
  IMPORT_MAX_WAITING_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .default(1_024 * MEBIBYTE),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
});

/** Single sign-on by OpenID Connect. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a sync node is told from outside. */
export interface NodeConfig {
  /** 0 takes a free port. Several nodes on one machine may share a port (SO_REUSEPORT). */
  readonly port: number;
  readonly host: string;
  readonly adminPort: number;
  readonly name: string;
  /** Connection as the application's role. */
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  /** Independent Redis masters that grant record locks, an odd number; the Redis of the feed alone when empty. */
  readonly lockRedisUrls: readonly string[];
  /** Signs sessions; the same on every node. */
  readonly authSecret: string;
  /** Address people open, such as `https://meldesync.example`. */
  readonly baseUrl: string;
  /** Further origins from which pages may call. */
  readonly trustedOrigins: readonly string[];
  /** Folder of the built web app; without it the node serves the API alone. */
  readonly webDir: string | undefined;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly importLimits: ImportLimits;
  readonly oidc: OidcConfig | undefined;
}

/** Reads the configuration; throws a ZodError that names what is wrong. */
export function readConfig(source: Record<string, string | undefined>): NodeConfig {
  const parsed = environment.parse(source);
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = parsed;
  return {
    port: parsed.PORT,
    host: parsed.HOST,
    adminPort: parsed.ADMIN_PORT,
    name: parsed.NODE_NAME,
    databaseUrl: parsed.DATABASE_URL,
    databasePool: parsed.DATABASE_POOL,
    redisUrl: parsed.REDIS_URL,
    redisPrefix: parsed.REDIS_PREFIX,
    lockRedisUrls: parsed.LOCK_REDIS_URLS,
    authSecret: parsed.AUTH_SECRET,
    baseUrl: parsed.BASE_URL,
    trustedOrigins: parsed.TRUSTED_ORIGINS.split(',').flatMap((origin) => origin.trim() || []),
    webDir: parsed.WEB_DIR,
    logLevel: parsed.LOG_LEVEL,
    logFormat: parsed.LOG_FORMAT,
    importLimits: {
      maxBytes: parsed.IMPORT_MAX_BYTES,
      maxWaitingFiles: parsed.IMPORT_MAX_WAITING,
      maxWaitingBytes: parsed.IMPORT_MAX_WAITING_BYTES,
    },
    oidc: issuer && clientId && clientSecret ? { issuer, clientId, clientSecret } : undefined,
  };
}
