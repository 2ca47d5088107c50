import pg from 'pg';

/** A transaction that a test holds open, to make others wait or to commit at a moment of its choice. */
export interface OpenTransaction extends AsyncDisposable {
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Begins a transaction on a connection of its own; it is rolled back when it is disposed of without a commit. */
export async function openTransaction(url: string): Promise<OpenTransaction> {
  const client = new pg.Client({ connectionString: url });
  // The transaction is gone then: what is asked next fails.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  return {
    query: async (sql, values = []) => (await client.query(sql, values)).rows as Record<string, unknown>[],
    commit: async () => {
      await client.query('commit');
    },
    rollback: async () => {
      await client.query('rollback');
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
