import { readSettings } from '@meldesync/config';
import type { SessionRules } from '@meldesync/db';
import { redisUrls } from '@meldesync/lifecycle';
import type { DegradationLimits } from '@meldesync/operations';
import type { LogFormat, LogLevel } from '@meldesync/telemetry';
import type { PasswordPolicy } from './auth/password-policy.ts';
import { type OidcConfig, oidcConfig } from './auth/single-sign-on/oidc-config.ts';
import type { ImportLimits } from './http/import-limits.ts';
import { degradationLimits } from './operations/degradation-limits.ts';

/** What a sync node is told from outside. */
export interface NodeConfig {
  /** 0 takes a free port. Several nodes on one machine may share a port (SO_REUSEPORT). */
  readonly port: number;
  readonly host: string;
  readonly adminPort: number;
  /** Where the admin port listens; this machine alone without it. */
  readonly adminHost?: string;
  readonly name: string;
  /** Connection as the application's role. */
  readonly databaseUrl: string;
  readonly databasePool: number;
  /** How many connections a person may have at this node; the usual number where it is absent. */
  readonly personConnections?: number;
  /** Connection as the role that lets people in and administers; the application's does that too where it is not given. */
  readonly authDatabaseUrl?: string | undefined;
  readonly authDatabasePool: number;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  /** Independent Redis masters that grant record locks, an odd number; the Redis of the feed alone when empty. */
  readonly lockRedisUrls: readonly string[];
  /** Signs sessions; the same on every node. */
  readonly authSecret: string;
  /** What signed them before and still may; sessions that are used are signed anew. */
  readonly previousAuthSecrets: readonly string[];
  /** How long sessions last. */
  readonly sessionLimits: Omit<SessionRules, 'keyIds'>;
  /** Address people open, such as `https://meldesync.example`. */
  readonly baseUrl: string;
  /** Further origins from which pages may call. */
  readonly trustedOrigins: readonly string[];
  /** Addresses and networks of the balancers in front, which alone are believed about whose requests they pass on. */
  readonly trustedProxies: readonly string[];
  /** The certificate of the HTTPS in front, where this machine has it. */
  readonly certificateFile?: string | undefined;
  /** Folder of the built web app; without it the node serves the API alone. */
  readonly webDir: string | undefined;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly importLimits: ImportLimits;
  readonly oidc: OidcConfig | undefined;
  /** Who may sign in with a password. */
  readonly passwordPolicy: PasswordPolicy;
  /** Who signs in with a password needs a second factor too; not when absent. */
  readonly requiresSecondFactor?: boolean;
  /** When work is saved; the same on every node. */
  readonly degradation: DegradationLimits;
  /** Memory that it may have; without it what its control group allows, or the machine has. */
  readonly memoryLimitBytes?: number | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Reads the configuration; throws `WrongSettings`. */
export function readConfig(source: Record<string, string | undefined>): NodeConfig {
  const settings = readSettings('node', source);
  return {
    port: settings.PORT,
    host: settings.HOST,
    adminPort: settings.ADMIN_PORT,
    adminHost: settings.ADMIN_HOST,
    name: settings.NODE_NAME,
    databaseUrl: settings.DATABASE_URL,
    databasePool: settings.DATABASE_POOL,
    personConnections: settings.PERSON_CONNECTIONS,
    authDatabaseUrl: settings.AUTH_DATABASE_URL,
    authDatabasePool: settings.AUTH_DATABASE_POOL,
    ...redisUrls(settings),
    redisPrefix: settings.REDIS_PREFIX,
    authSecret: settings.AUTH_SECRET,
    previousAuthSecrets: settings.AUTH_SECRET_PREVIOUS ?? [],
    sessionLimits: {
      idleMs: settings.SESSION_IDLE_HOURS * HOUR_MS,
      sharedIdleMs: settings.SESSION_SHARED_IDLE_MINUTES * MINUTE_MS,
      maxMs: settings.SESSION_MAX_DAYS * 24 * HOUR_MS,
    },
    baseUrl: settings.BASE_URL,
    trustedOrigins: settings.TRUSTED_ORIGINS ?? [],
    trustedProxies: settings.TRUSTED_PROXIES ?? [],
    certificateFile: settings.TLS_CERTIFICATE_FILE,
    webDir: settings.WEB_DIR,
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT,
    importLimits: {
      maxBytes: settings.IMPORT_MAX_BYTES,
      maxWaitingFiles: settings.IMPORT_MAX_WAITING,
      maxWaitingBytes: settings.IMPORT_MAX_WAITING_BYTES,
    },
    oidc: oidcConfig(settings),
    passwordPolicy: settings.PASSWORDS,
    requiresSecondFactor: settings.SIGN_IN_SECOND_FACTOR === 'required',
    degradation: degradationLimits(settings),
    memoryLimitBytes: settings.MEMORY_LIMIT_BYTES,
  };
}
