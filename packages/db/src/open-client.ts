import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Database } from './connect.ts';
import { breakOff, endClient } from './end-client.ts';
import * as schema from './schema/index.ts';
import { type OnConnectionError, watchClient } from './watch-client.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** Settings of a single connection; those of pg, and which kind of replication it is for, if any. */
export type ClientOptions = pg.ClientConfig & { readonly replication?: 'database' };

/**
 * A connection of one's own, not yet connected; it can be had in no other way, so that none is without a listener for its
 * end. The owner of a pool has `connectDatabase`.
 */
export function openClient(options: ClientOptions, onConnectionError: OnConnectionError): pg.Client {
  return watchClient(
    new pg.Client({ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true, ...options }),
    onConnectionError,
  );
}

/**
 * The database over one connection that nothing replaces, for a program that holds something which lives as long as the
 * connection, such as an advisory lock. Once it is broken every statement fails.
 */
export async function connectOnce(options: ClientOptions, onConnectionError: OnConnectionError): Promise<Database> {
  const client = openClient(options, onConnectionError);
  await client.connect();
  return {
    drizzle: drizzle(client, { schema }),
    breakOff: () => breakOff(client),
    [Symbol.asyncDispose]: () => endClient(client),
  };
}
