import { findChromium } from '../../../scripts/lib/chromium.mjs';
import { StopStack } from '../../../scripts/lib/stop-stack.mjs';
import { startTestServices } from '../../../scripts/lib/test-services.mjs';

/**
 * Vitest's global set-up: one Postgres and one Redis for the run, named to the tests by TEST_DATABASE_URL (a
 * superuser's, to make databases with), TEST_REDIS_URL, REDIS_SERVER_BIN and CHROMIUM_PATH (where there is one).
 * Both servers end with this process, however that ends.
 */
export default async function startServices(): Promise<() => Promise<void>> {
  const stack = new StopStack();
  try {
    const chromium = findChromium();
    if (chromium !== undefined) process.env['CHROMIUM_PATH'] = chromium;
    Object.assign(process.env, await startTestServices(stack, { durable: false }));
  } catch (error) {
    await stack.stopAll();
    throw error;
  }
  return () => stack.stopAll();
}
