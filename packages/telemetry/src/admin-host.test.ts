import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { startProcessMeter } from './metrics/process-meter.ts';
import { serveAdmin } from './metrics.ts';

it.each([
  { host: undefined, served: '127.0.0.1', others: '127.0.0.2' },
  { host: '127.0.0.2', served: '127.0.0.2', others: '127.0.0.1' },
])('the admin port is on this machine alone, or where it was told to be: $host', async ({ host, served, others }) => {
  await using admin = await serveAdmin(
    { port: 0, host },
    {
      meter: await startProcessMeter({ kind: 'node', name: 'test', version: '0', environment: {} }),
      ready: () => Promise.reject(new Error('x')),
      logger: createLogger({ name: 'test', level: 'info', format: 'json', write: () => undefined }),
    },
  );
  expect((await fetch(`http://${served}:${admin.port}/healthz`)).status).toBe(200);
  await expect(fetch(`http://${others}:${admin.port}/healthz`)).rejects.toThrow('fetch failed');
});
