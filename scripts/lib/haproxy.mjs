import { mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { whyNotReady } from './app-process.mjs';
import { tryOutput } from './command.mjs';
import { ensureHaproxy } from './haproxy-program.mjs';
import { endLeftover } from './leftover.mjs';
import { step } from './log.mjs';
import { inRoot } from './paths.mjs';
import { requireFreePort } from './ports.mjs';
import { describeServiceEnd, startKept } from './service.mjs';
import { pushTogether, supervise } from './supervise/supervise.mjs';

/** What an administrator puts in place. */
export const HAPROXY_CONFIGURATION = inRoot('deploy/haproxy/haproxy.cfg');

const SIGNALS = /** @type {const} */ ({ stopSignal: 'SIGTERM', killSignal: 'SIGKILL', graceMs: 10_000 });
const MOST_CONNECTIONS = 20_000;
/** Files of its own, besides the two of a connection. */
const SPARE_FILES = 200;

/**
 * Where it stands in front of what.
 * @typedef {object} HaproxyOrder
 * @property {string} folder for what it writes
 * @property {string} host where people come in
 * @property {number} port where people come in
 * @property {number} figuresPort where its state is shown, on this machine
 * @property {readonly number[]} nodePorts of three sync nodes, on this machine
 * @property {string | undefined} certificate file with certificate and key; without it there is no TLS
 */

/**
 * What `deploy/haproxy/haproxy.cfg` takes from its environment.
 * @param {Omit<HaproxyOrder, 'folder'>} order
 * @returns {Record<string, string>}
 */
export function haproxyEnvironment({ host, port, figuresPort, nodePorts, certificate }) {
  return {
    MELDESYNC_BIND: `${host}:${port}`,
    MELDESYNC_FIGURES: `127.0.0.1:${figuresPort}`,
    ...Object.fromEntries(nodePorts.map((port, index) => [`MELDESYNC_NODE_${index + 1}`, `127.0.0.1:${port}`])),
    ...(certificate === undefined ? {} : { MELDESYNC_CERTIFICATE: certificate }),
    MELDESYNC_MAXCONN: String(mostConnections()),
    // Root gives itself up for the user that the file names; everybody else stays who they are.
    ...(process.getuid?.() === 0
      ? {}
      : {
          MELDESYNC_HAPROXY_USER: userInfo().username,
          MELDESYNC_HAPROXY_GROUP: tryOutput('id', ['-gn']) ?? userInfo().username,
        }),
  };
}

/** As many as the files allow that this user may have open. */
function mostConnections() {
  const limit = Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
  return Number.isNaN(limit) ? MOST_CONNECTIONS : Math.min(MOST_CONNECTIONS, Math.floor((limit - SPARE_FILES) / 2));
}

/**
 * Starts HAProxy with the file of `deploy/haproxy`, and waits until it shows its state. If it ends, it is started again.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {HaproxyOrder} order
 * @returns {Promise<Balancer>}
 */
export async function startHaproxy(stack, order) {
  const program = await ensureHaproxy();
  const { folder } = order;
  mkdirSync(folder, { recursive: true });
  const pidFile = join(folder, 'haproxy.pid');
  const logFile = join(folder, 'haproxy.log');
  const endEarlier = () => endLeftover({ name: 'haproxy', pidFile, mark: pidFile, ...SIGNALS });
  await endEarlier();
  // It would silently share it.
  await requireFreePort(order.port, 'PORT');
  const balancer = new Balancer(`http://127.0.0.1:${order.figuresPort}`, order.nodePorts.length);
  const haproxy = supervise({
    name: 'haproxy',
    start: async () => {
      await endEarlier();
      return startKept({
        command: program,
        args: ['-W', '-db', '-f', HAPROXY_CONFIGURATION, '-p', pidFile],
        cwd: folder,
        environment: haproxyEnvironment(order),
        logFile,
        ...SIGNALS,
        removeFolders: [],
      });
    },
    whyNotReady: () => whyNotReady(`${balancer.figuresUrl}/metrics`),
    describeFailure: () => describeServiceEnd('haproxy', logFile),
  });
  pushTogether(stack, [haproxy]);
  await haproxy.ready;
  step('haproxy', `${program} on ${order.host}:${order.port}`);
  return balancer;
}

/** How HAProxy sees the nodes. */
export class Balancer {
  /** Origin of its state and figures. */
  figuresUrl;
  #nodes;

  /**
   * @param {string} figuresUrl
   * @param {number} nodes
   */
  constructor(figuresUrl, nodes) {
    this.figuresUrl = figuresUrl;
    this.#nodes = nodes;
  }

  /**
   * The nodes that it gives people to, by the first or the second word of their readiness.
   * @param {'live' | 'usable'} [backend]
   * @returns {Promise<string[]>} their names in haproxy.cfg
   */
  async nodesUp(backend = 'live') {
    const servers = await this.#servers(backend);
    // "UP 1/2" is one whose last check failed, and which is still given people.
    return servers.filter(({ status }) => status?.startsWith('UP')).map(({ svname }) => svname ?? '');
  }

  /** Whether it gives people to every node. */
  async isWhole() {
    return (await this.nodesUp()).length === this.#nodes;
  }

  /**
   * Sockets and requests that each node has now.
   * @returns {Promise<Record<string, number>>}
   */
  async connections() {
    const [live, usable] = await Promise.all([this.#servers('live'), this.#servers('usable')]);
    /** @type {Record<string, number>} */
    const counts = {};
    for (const { svname = '', scur } of [...live, ...usable]) counts[svname] = (counts[svname] ?? 0) + Number(scur);
    return counts;
  }

  /** @param {string} backend */
  async #servers(backend) {
    const answer = await fetch(`${this.figuresUrl}/stats;csv`);
    const [head = '', ...lines] = (await answer.text()).replace(/^# /, '').trim().split('\n');
    const names = head.split(',');
    const rows = lines.map((line) => {
      const cells = line.split(',');
      return /** @type {Record<string, string>} */ (
        Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']))
      );
    });
    return rows.filter(({ pxname, svname }) => pxname === backend && svname !== 'BACKEND');
  }
}
