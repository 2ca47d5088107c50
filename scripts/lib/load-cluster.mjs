import { setTimeout as sleep } from 'node:timers/promises';
import { endLeftoverApps, whyNotReady } from './app-process.mjs';
import { prepareData, startBacking, startInstallation } from './cluster.mjs';
import { claimDataFolder } from './data-folder.mjs';
import { Failure } from './failure.mjs';
import { chooseLocalPort } from './ports.mjs';
import { builtProgram } from './programs.mjs';
import { readSettings } from './settings.mjs';

/** Beside what `npm start` keeps. */
const DATA_DIR = '.data/load';
const READY_PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 200;

/**
 * A MeldeSync to put load on.
 * @typedef {object} LoadCluster
 * @property {string} url the address that people open
 * @property {string} ownerUrl the database, as its owner
 * @property {string} authSecret what the nodes sign sessions with
 * @property {() => Promise<void>} restartNodes restarts each node in turn
 */

/**
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @returns {Promise<LoadCluster>}
 */
export async function startLoadCluster(stack) {
  const port = String(await chooseLocalPort(undefined));
  const own = { PORT: port, HOST: '127.0.0.1', BASE_URL: `http://127.0.0.1:${port}`, SEED_DEMO: '0', DATA_DIR };
  const settings = readSettings({ LOG_LEVEL: 'warn', ...process.env, ...own }, 'production');
  claimDataFolder(stack, settings.dataDir);
  await endLeftoverApps(settings.dataDir);
  const backing = await startBacking(stack, settings);
  await prepareData(settings, backing, builtProgram);
  const { adminPorts, apps } = await startInstallation(stack, settings, backing, builtProgram, settings.port);
  const adminUrl = (/** @type {string} */ name) => `http://127.0.0.1:${adminPorts[name]}`;
  return {
    url: settings.baseUrl,
    ownerUrl: backing.ownerUrl,
    authSecret: backing.authSecret,
    restartNodes: async () => {
      for (const { app, kind } of apps) {
        if (kind !== 'sync-node') continue;
        const readyUrl = `${adminUrl(app.name)}/readyz`;
        app.replace('a rolling restart');
        await until(`${app.name} ended`, async () => (await whyNotReady(readyUrl)) !== undefined);
        await until(`${app.name} started anew`, async () => (await whyNotReady(readyUrl)) === undefined);
      }
    },
  };
}

/**
 * @param {string} what is waited for, in words
 * @param {() => Promise<boolean>} isSo
 */
async function until(what, isSo) {
  const deadline = performance.now() + READY_PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Failure(`${what}: not so after ${READY_PATIENCE_MS / 1_000} s`);
    await sleep(LOOK_EVERY_MS);
  }
}
