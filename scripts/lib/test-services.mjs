import { startPassingPostgres } from './postgres.mjs';
import { startPassingRedis } from './redis.mjs';
import { ensureRedisServer } from './redis-server.mjs';

/**
 * What tests and measurements find in their environment.
 * @typedef {object} TestEnvironment
 * @property {string} TEST_DATABASE_URL a superuser's URL, to make a database for each test with
 * @property {string} TEST_REDIS_URL
 * @property {string} REDIS_SERVER_BIN for tests that start a Redis of their own, to stop it
 */

/**
 * Brings up a Postgres and a Redis that are gone afterwards, or takes the ones that the environment names.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {{ durable: boolean }} options whether Postgres writes as carefully as in use
 * @returns {Promise<TestEnvironment>}
 */
export async function startTestServices(stack, options) {
  const program = await ensureRedisServer();
  return {
    TEST_DATABASE_URL: process.env['TEST_DATABASE_URL'] || (await startPassingPostgres(stack, options)),
    TEST_REDIS_URL: process.env['TEST_REDIS_URL'] || (await startPassingRedis(stack, { program })),
    REDIS_SERVER_BIN: program,
  };
}
