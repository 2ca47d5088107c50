import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { breakOff } from './end-client.ts';
import { DatabaseUnreachableError, isFatal } from './errors.ts';
import * as schema from './schema/index.ts';
import { type OnConnectionError, watchClient } from './watch-client.ts';

type Drizzle = NodePgDatabase<typeof schema>;
/** A transaction, or the database outside of one: what a query runs on. */
export type Executor = Pick<
  Drizzle,
  'execute' | 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'transaction'
>;

/** An open pool of connections with drizzle on top. */
export interface Database extends AsyncDisposable {
  readonly drizzle: Drizzle;
  /** Breaks every connection off, for Postgres is silent: what is under way fails, as an outage, and others are made. */
  breakOff(): void;
}

/** The database over as many connections as are needed. */
export interface PooledDatabase extends Database {
  /** How the pool is: connections in use and free, and who waits for one. */
  pool(): { readonly used: number; readonly idle: number; readonly waiting: number };
}

export interface ConnectOptions {
  /** `postgres://…` */
  readonly url: string;
  readonly maxConnections: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /**
   * How long a statement may wait for what others have locked, and how long it may run, in milliseconds; without it for as
   * long as it takes. Past it Postgres ends the statement, and `isOverdue` tells that from other errors; where even that is not
   * heard, the wait for it ends a little later. A transaction that is left alone ends after 10 s.
   */
  readonly limits?: { readonly lockMs: number; readonly statementMs: number };
  /** A connection broke, idle or in use; the pool replaces it by itself, and what was under way on it fails. */
  readonly onConnectionError: OnConnectionError;
}

/** How long a connection may take to be made, or to be free. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that nobody uses is ended. */
const IDLE_TIMEOUT_MS = 10_000;
/** How much later than Postgres itself a statement is given up. */
const UNHEARD_MS = 5_000;
/** So Postgres notices that this program is gone, and frees what it has locked: a cable that was pulled says nothing. */
const SERVER_LIMITS = [
  'tcp_user_timeout=10000',
  'tcp_keepalives_idle=5',
  'tcp_keepalives_interval=2',
  'tcp_keepalives_count=3',
];

/**
 * So long a transaction may have nothing to do before Postgres ends it with its connection: what it has locked would keep all others
 * out for as long as somebody on the way, a proxy, keeps Postgres' end of a dead line open, or this program stands still.
 */
const IDLE_TRANSACTION_MS = 10_000;

/** Opens a pool. Connections are made when they are first needed. A transaction that gets none fails with an outage. */
export function connectDatabase(options: ConnectOptions): PooledDatabase {
  const limits = options.limits
    ? [
        `lock_timeout=${options.limits.lockMs}`,
        `statement_timeout=${options.limits.statementMs}`,
        `idle_in_transaction_session_timeout=${IDLE_TRANSACTION_MS}`,
      ]
    : [];
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
    options: ['TimeZone=UTC', 'DateStyle=ISO', ...SERVER_LIMITS, ...limits].map((setting) => `-c ${setting}`).join(' '),
    ...(options.limits ? { query_timeout: options.limits.statementMs + UNHEARD_MS } : {}),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
  });
  const clients = new Set<pg.PoolClient>();
  pool.on('connect', (client) => clients.add(client));
  pool.on('remove', (client) => clients.delete(client));
  // A connection that is in use has no listener of the pool's.
  pool.on('connect', (client) => watchClient(client, options.onConnectionError));
  pool.on('error', () => {
    // The end of an idle connection comes here as well, which its own listener has told.
  });
  return {
    drizzle: withOwnTransactions(pool, drizzle(pool, { schema })),
    breakOff: () => {
      for (const client of clients) breakOff(client);
    },
    pool: () => ({ used: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/** Drizzle keeps a connection for ever on which a transaction could not begin: a few of those, and the pool is empty. */
function withOwnTransactions(pool: pg.Pool, database: Drizzle): Drizzle {
  const ofClient = new WeakMap<pg.PoolClient, Drizzle>();
  database.transaction = async (run, config) => {
    const client = await pool.connect().catch((cause: unknown) => {
      throw new DatabaseUnreachableError({ cause });
    });
    let endsConnection = false;
    try {
      const own = ofClient.get(client) ?? drizzle(client, { schema });
      ofClient.set(client, own);
      return await own.transaction(run, config);
    } catch (error) {
      endsConnection = isFatal(error);
      throw error;
    } finally {
      client.release(endsConnection);
    }
  };
  return database;
}
