import { findChromium } from '../../../scripts/lib/chromium.mjs';
import { StopStack } from '../../../scripts/lib/stop-stack.mjs';
import { startTestServices } from '../../../scripts/lib/test-services.mjs';
import { createTestDatabase } from '../test-database.ts';

/**
 * Vitest's global set-up: one Postgres and one Redis for the run, named to the tests by TEST_DATABASE_URL (a
 * superuser's, to make databases with), TEST_DATABASE_TEMPLATE (a migrated one, to copy), TEST_REDIS_URL, REDIS_SERVER_BIN and
 * CHROMIUM_PATH (where there is one).
 * Both servers end with this process, however that ends.
 */
export default async function startServices(): Promise<() => Promise<void>> {
  const stack = new StopStack();
  try {
    const chromium = findChromium();
    if (chromium !== undefined) process.env['CHROMIUM_PATH'] = chromium;
    Object.assign(process.env, await startTestServices(stack, { durable: false }));
    if (process.env['TEST_DATABASE_TEMPLATE'] === undefined) {
      const template = await createTestDatabase();
      stack.push({ name: 'template', stop: async () => template[Symbol.asyncDispose](), kill: () => undefined });
      process.env['TEST_DATABASE_TEMPLATE'] = new URL(template.ownerUrl).pathname.slice(1);
    }
  } catch (error) {
    await stack.stopAll();
    throw error;
  }
  return () => stack.stopAll();
}
