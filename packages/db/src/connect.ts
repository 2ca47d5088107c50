import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from './schema/index.ts';

type Drizzle = NodePgDatabase<typeof schema>;
/** A transaction, or the database outside of one: what a query runs on. */
export type Executor = Pick<Drizzle, 'execute' | 'select' | 'insert' | 'update' | 'delete' | 'transaction'>;

/** An open pool of connections with drizzle on top. */
export interface Database extends AsyncDisposable {
  readonly drizzle: Drizzle;
}

export interface ConnectOptions {
  /** `postgres://…` */
  readonly url: string;
  readonly maxConnections: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /**
   * How long a statement may wait for what others have locked, and how long it may run, in milliseconds; without it for as
   * long as it takes. Past it Postgres ends the statement, and `isOverdue` tells that from other errors.
   */
  readonly limits?: { readonly lockMs: number; readonly statementMs: number };
  /** An idle connection broke; the pool replaces it by itself. */
  readonly onConnectionError: (error: Error) => void;
}

/** Opens a pool. Connections are made when they are first needed. */
export function connectDatabase(options: ConnectOptions): Database {
  const limits = options.limits
    ? [`lock_timeout=${options.limits.lockMs}`, `statement_timeout=${options.limits.statementMs}`]
    : [];
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
    options: ['TimeZone=UTC', 'DateStyle=ISO', ...limits].map((setting) => `-c ${setting}`).join(' '),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  pool.on('error', options.onConnectionError);
  return {
    drizzle: drizzle(pool, { schema }),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}
