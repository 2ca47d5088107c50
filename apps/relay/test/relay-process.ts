import { fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Cluster, freePort, metricOf } from '@meldesync/testkit';

const PROGRAM = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const EXIT_WITH_OWNER = new URL('../../../scripts/lib/exit-with-owner.mjs', import.meta.url).href;

/** A relay in a process of its own, which can be frozen. Disposed of, it is killed, frozen or not. */
export interface RelayProcess extends AsyncDisposable {
  readonly port: number;
  signal(signal: NodeJS.Signals): void;
  /** Status and text of `/readyz`. */
  ready(): Promise<string>;
  /** A metric, summed over its labels; 0 where there is none. */
  metric(name: string): Promise<number>;
  /** Stops it in order; its exit code, and what it has logged. */
  end(): Promise<{ readonly code: number | null; readonly log: Record<string, unknown>[] }>;
}

/** Starts one on the database and Redis of a cluster. */
export async function forkRelay(cluster: Cluster, options: { readonly holdBackMs: number }): Promise<RelayProcess> {
  const port = await freePort();
  const child = fork(PROGRAM, {
    execArgv: ['--import', 'tsx', '--import', EXIT_WITH_OWNER],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...process.env,
      DATABASE_URL: cluster.database.ownerUrl,
      REDIS_URL: cluster.redis.url,
      REDIS_PREFIX: cluster.redisPrefix,
      NODE_NAME: 'relay process',
      ADMIN_PORT: String(port),
      REPLICATION_SLOT: cluster.database.slot,
      HOLD_BACK_MS: String(options.holdBackMs),
      LOG_FORMAT: 'json',
    },
  });
  if (!child.stdout) throw new Error('its log is not heard');
  const log = text(child.stdout);
  const exit = once(child, 'exit') as Promise<[code: number | null]>;
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  return {
    port,
    signal: (signal) => void child.kill(signal),
    ready: async () => {
      const response = await get('/readyz');
      return `${response.status} ${(await response.text()).trim()}`;
    },
    metric: (name) => metricOf({ adminPort: port }, name),
    end: async () => {
      child.kill('SIGTERM');
      const [code] = await exit;
      const lines = (await log).split('\n').filter((line) => line !== '');
      return { code, log: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
