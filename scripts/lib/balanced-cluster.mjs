import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { appPid, endLeftoverApps, whyNotReady } from './app-process.mjs';
import { prepareData, startBacking, startParts } from './cluster.mjs';
import { chooseServicePort, claimDataFolder } from './data-folder.mjs';
import { Failure } from './failure.mjs';
import { startHaproxy } from './haproxy.mjs';
import { builtProgram } from './programs.mjs';

/** @typedef {import('./stop-stack.mjs').StopStack} StopStack */
/** @typedef {import('./settings.mjs').Settings} Settings */
/** @typedef {import('./cluster.mjs').Backing} Backing */

/**
 * A process of a cluster.
 * @typedef {object} ClusterPart
 * @property {string} name
 * @property {string} adminUrl origin of its metrics, and of its answer to whether it is ready
 * @property {string | undefined} url origin of a sync node, which people reach through the balancer
 * @property {() => number | undefined} pid of its process now; none runs between two
 * @property {() => Promise<void>} restart asks it to end, and resolves when another one is ready in its place
 */

/**
 * Three sync nodes, two relays and two workers behind HAProxy.
 * @typedef {object} BalancedCluster
 * @property {string} url the address that people open
 * @property {ClusterPart[]} nodes
 * @property {ClusterPart[]} relays one of them stands by
 * @property {ClusterPart[]} workers
 * @property {string} ownerUrl the database, as its owner
 * @property {Backing} backing
 * @property {Record<string, number>} adminPorts by the name of a process
 * @property {import('./haproxy.mjs').Balancer} balancer
 * @property {import('./cluster.mjs').Account[]} accounts those of the demo
 * @property {string | undefined} setUpUrl where nobody administers it yet
 * @property {() => Promise<void>} restartNodes restarts each node in turn; the next only when the balancer gives people to the last again
 */

const NODES = ['node-1', 'node-2', 'node-3'];
const RELAYS = ['relay-1', 'relay-2'];
const WORKERS = ['worker-1', 'worker-2'];
const READY_PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 100;

/**
 * Claims the data folder, and starts all of it. HAProxy comes before the nodes: what was started last is stopped first, and so a node that
 * stops can still tell its clients.
 * @param {StopStack} stack
 * @param {Settings} settings of which `port` is HAProxy's
 * @param {object} [options]
 * @param {(name: import('./programs.mjs').ProgramName) => string[]} [options.program] Node's arguments that run a program; the built ones
 * @param {Record<string, string>} [options.nodeSettings] besides the usual ones
 * @returns {Promise<BalancedCluster>}
 */
export async function startBalancedCluster(stack, settings, options = {}) {
  const { program = builtProgram, nodeSettings = {} } = options;
  const { dataDir } = settings;
  claimDataFolder(stack, dataDir);
  await endLeftoverApps(dataDir);
  const backing = await startBacking(stack, settings);
  const { accounts, setUpUrl } = await prepareData(settings, backing, program);

  /** @type {number[]} */
  const nodePorts = [];
  for (const name of NODES) nodePorts.push(await chooseServicePort(dataDir, name, undefined));
  const balancer = await startHaproxy(stack, {
    folder: join(dataDir, 'haproxy'),
    host: settings.host,
    port: settings.port,
    figuresPort: await chooseServicePort(dataDir, 'haproxy', undefined),
    nodePorts,
    certificate: settings.clusterCertificate,
  });
  // Nobody but the balancer reaches the nodes, and it alone is believed.
  const behind = { HOST: '127.0.0.1', TRUSTED_PROXIES: '127.0.0.1', ...nodeSettings };
  const { apps, adminPorts } = await startParts(stack, settings, backing, program, [
    ...RELAYS.map((name) => ({ name, kind: /** @type {const} */ ('relay') })),
    ...WORKERS.map((name) => ({ name, kind: /** @type {const} */ ('worker') })),
    ...NODES.map((name, index) => ({
      name,
      kind: /** @type {const} */ ('sync-node'),
      port: nodePorts[index] ?? 0,
      settings: behind,
    })),
  ]);

  /** @param {string} name @param {number} [port] @returns {ClusterPart} */
  const part = (name, port) => {
    const adminUrl = `http://127.0.0.1:${adminPorts[name]}`;
    const pid = () => appPid(dataDir, name);
    return {
      name,
      adminUrl,
      url: port === undefined ? undefined : `http://127.0.0.1:${port}`,
      pid,
      restart: async () => {
        const before = pid();
        apps.find(({ app }) => app.name === name)?.app.replace('restarted on purpose');
        await until(`${name} started anew`, async () => {
          const now = pid();
          return now !== undefined && now !== before && (await whyNotReady(`${adminUrl}/readyz?live`)) === undefined;
        });
      },
    };
  };
  const nodes = NODES.map((name, index) => part(name, nodePorts[index]));
  const isWhole = () => until('HAProxy sees every node', () => balancer.isWhole());
  await isWhole();
  return {
    url: settings.baseUrl,
    nodes,
    relays: RELAYS.map((name) => part(name)),
    workers: WORKERS.map((name) => part(name)),
    ownerUrl: backing.ownerUrl,
    backing,
    adminPorts,
    balancer,
    accounts,
    setUpUrl,
    restartNodes: async () => {
      for (const node of nodes) {
        await node.restart();
        await isWhole();
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
