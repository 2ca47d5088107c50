import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, startBreakablePostgres } from '../../testkit/src/index.ts';
import { requireAlone } from './database.mjs';

/** @type {import('../../testkit/src/index.ts').BreakablePostgres} */
let postgres;
/** @type {import('../../testkit/src/index.ts').TestDatabase} */
let database;
/** @type {import('../../testkit/src/index.ts').TestDatabase} */
let beside;
// A server of its own: what other tests connect to theirs is another MeldeSync, too.
beforeAll(async () => {
  postgres = await startBreakablePostgres();
  database = await createTestDatabase(postgres.url);
  beside = await createTestDatabase(postgres.url);
});
afterAll(async () => {
  await beside[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

const given = {
  redisUrl: 'redis://a',
  authSecret: 's'.repeat(32),
  appDbPassword: 'a',
  authDbPassword: 'd',
  workerDbPassword: 'b',
  relayDbPassword: 'c',
};

it('a start with passwords of its own is refused while another works on that server, and is not with the same ones', async () => {
  await requireAlone(database.ownerUrl, {}, 0);
  const node = new pg.Client({ connectionString: database.appUrl, application_name: 'meldesync-node-1' });
  await node.connect();
  try {
    await expect(requireAlone(database.ownerUrl, { redisUrl: given.redisUrl }, 0)).rejects.toThrow(
      /^Another MeldeSync works on the PostgreSQL at .* \(meldesync-node-1 in test_\w+\), .* the same AUTH_SECRET, APP_DB_PASSWORD, AUTH_DB_PASSWORD, WORKER_DB_PASSWORD, RELAY_DB_PASSWORD\.$/,
    );
    await expect(requireAlone(beside.ownerUrl, {}, 0)).rejects.toThrow('Another MeldeSync');
    await requireAlone(beside.ownerUrl, { ...given, authSecret: undefined }, 0);
    await requireAlone(database.ownerUrl, given, 0);
  } finally {
    const going = node.end();
    await requireAlone(database.ownerUrl, {}, 5_000);
    await going;
  }
});
