import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { eventually } from '../../../testkit/src/index.ts';
import { readRules } from './rule-files.ts';

const PATIENCE_MS = 60_000;
const ANSWER_MS = 5_000;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** What the stand-ins for processes measure, in OpenMetrics: one sample of it says which trace it was. */
const MEASURED = `# TYPE meldesync_relay_active gauge
meldesync_relay_active 1
# TYPE meldesync_delivery_duration_seconds histogram
meldesync_delivery_duration_seconds_bucket{tier="0",le="0.1"} 3 # {trace_id="${TRACE}"} 0.05
meldesync_delivery_duration_seconds_bucket{tier="0",le="+Inf"} 4
meldesync_delivery_duration_seconds_sum{tier="0"} 0.5
meldesync_delivery_duration_seconds_count{tier="0"} 4
# EOF
`;

/** A process of a cluster, as Prometheus sees it. */
async function standIn() {
  const server = createServer((request, response) => {
    const isMetrics = request.url === '/metrics';
    const type = isMetrics ? 'application/openmetrics-text; version=1.0.0' : 'text/plain';
    response.writeHead(200, { 'content-type': type }).end(isMetrics ? MEASURED : 'ok\n');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return server;
}

/** @param {import('node:net').Server} server */
function portOf(server) {
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}

/** @param {string} dataDir */
function observe(dataDir) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [inRoot('scripts/observe.mjs')], {
    env: { PATH, HOME, NO_COLOR: '1', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  return { child, ended, output: () => output };
}

describe('npm run observe', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'meldesync-observe-'));
  /** @type {import('node:http').Server[]} */
  let servers = [];
  /** Has the port of a process that ended, and answers nothing. */
  const mute = createTcpServer((socket) => socket.destroy());
  /** @type {ReturnType<typeof observe> | undefined} */
  let running;
  let address = '';

  /** @param {string} path below `/api/v1` */
  async function ask(path) {
    const response = await fetch(`${address}/api/v1/${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return /** @type {{ data: any }} */ (await response.json()).data;
  }

  beforeAll(async () => {
    servers = await Promise.all([standIn(), standIn()]);
    await new Promise((resolve) => mute.listen(0, '127.0.0.1', () => resolve(undefined)));
  });

  afterAll(async () => {
    running?.child.kill('SIGTERM');
    await running?.ended;
    for (const server of [...servers, mute]) server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }, PATIENCE_MS);

  it('says so where no cluster runs', async () => {
    const { ended, output } = observe(dataDir);
    expect(await ended).toBe(1);
    expect(output()).toMatch(/No cluster runs on .*npm start/);
  });

  it(
    'watches the processes that answer, with all rules',
    async () => {
      const [node, relay] = servers.map((server) => portOf(server));
      const ports = {
        'node-1 metrics': node,
        'relay metrics': relay,
        'worker metrics': portOf(mute),
        postgres: 5432,
      };
      writeFileSync(join(dataDir, 'ports.json'), JSON.stringify(ports));

      running = observe(dataDir);
      await eventually(() => expect(running?.output()).toContain('Ctrl-C'), PATIENCE_MS);
      address = /Prometheus +(http:\S+)/.exec(running.output())?.[1] ?? '';

      await eventually(async () => {
        const { activeTargets } = await ask('targets');
        const seen = activeTargets.map((/** @type {any} */ { labels, health }) => [
          labels.job,
          labels.instance,
          health,
        ]);
        expect(seen.toSorted()).toEqual([
          ['meldesync-node', 'node-1', 'up'],
          ['meldesync-relay', 'relay', 'up'],
        ]);
      }, PATIENCE_MS);
      await eventually(async () => {
        const { groups } = await ask('rules');
        const rules = groups.flatMap((/** @type {any} */ group) => group.rules);
        expect(rules.map((/** @type {any} */ { name }) => name).toSorted()).toEqual(
          readRules()
            .map(({ alert, record }) => alert ?? record ?? '')
            .toSorted(),
        );
        for (const { name, health } of rules) expect([name, health]).toEqual([name, 'ok']);
      }, PATIENCE_MS);
    },
    3 * PATIENCE_MS,
  );

  it('keeps which trace a sample was of', async () => {
    await eventually(async () => {
      const query = new URLSearchParams({
        query: 'meldesync_delivery_duration_seconds_bucket',
        start: String(Date.now() / 1000 - 600),
        end: String(Date.now() / 1000 + 60),
      });
      const found = await ask(`query_exemplars?${query}`);
      expect(found[0]?.exemplars[0]?.labels).toEqual({ trace_id: TRACE });
    }, PATIENCE_MS);
  });

  it('ends with Ctrl-C, and Prometheus with it', async () => {
    running?.child.kill('SIGINT');
    expect(await running?.ended).toBe(0);
    await expect(fetch(`${address}/-/ready`)).rejects.toThrow(/fetch failed/);
  });
});
