import { startBalancedCluster } from './balanced-cluster.mjs';
import { ensureHaproxy } from './haproxy-program.mjs';
import { chooseLocalPort } from './ports.mjs';
import { readSettings } from './settings.mjs';

/** Beside what `npm start` and `npm run cluster` keep. */
const DATA_DIR = '.data/load';

/**
 * A MeldeSync to put load on.
 * @typedef {object} LoadCluster
 * @property {string} url the address that people open
 * @property {string} ownerUrl the database, as its owner
 * @property {string} authSecret what the nodes sign sessions with
 * @property {import('./process-watch.mjs').WatchedPart[]} processes all but Postgres, Redis and HAProxy
 * @property {() => Promise<void>} restartNodes restarts each node in turn
 */

/**
 * Three nodes, two relays and two workers behind HAProxy, as `npm run cluster` runs them, without the demo.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @returns {Promise<LoadCluster>}
 */
export async function startLoadCluster(stack) {
  const port = String(await chooseLocalPort(undefined));
  const own = { PORT: port, HOST: '127.0.0.1', BASE_URL: `http://127.0.0.1:${port}`, SEED_DEMO: '0', DATA_DIR };
  const settings = readSettings({ LOG_LEVEL: 'warn', ...process.env, ...own }, 'production');
  await ensureHaproxy();
  const { url, ownerUrl, backing, nodes, relays, workers, restartNodes } = await startBalancedCluster(stack, settings);
  return {
    url,
    ownerUrl,
    authSecret: backing.authSecret,
    processes: [...nodes, ...relays, ...workers],
    restartNodes,
  };
}
