import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger, type Logger } from './logger.ts';
import { startProcessMeter } from './metrics/process-meter.ts';
import { serveAdmin } from './metrics.ts';

let logger: Logger;
let admin: Awaited<ReturnType<typeof serveAdmin>>;

beforeEach(async () => {
  logger = createLogger({ name: 'test', level: 'info', format: 'json', write: () => undefined });
  admin = await serveAdmin(
    { port: 0 },
    {
      meter: await startProcessMeter({ kind: 'node', name: 'test', version: '0', environment: {} }),
      ready: () => Promise.reject(new Error('x')),
      logger,
    },
  );
});

afterEach(() => admin[Symbol.asyncDispose]());

async function ask(method: string, body?: string, headers: Record<string, string> = {}): Promise<[number, unknown]> {
  const response = await fetch(`http://127.0.0.1:${admin.port}/loglevel`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return [response.status, await response.json()];
}

it('R5.3 the level is told and set on the admin port', async () => {
  expect(await ask('GET')).toEqual([200, { level: 'info' }]);
  expect(await ask('PUT', '{"level":"debug"}')).toEqual([200, { level: 'debug' }]);
  expect(logger.level).toBe('debug');
  expect(await ask('GET')).toEqual([200, { level: 'debug' }]);
});

it.each([
  '',
  'debug',
  '{"level":"loud"}',
  '{"level":["debug"]}',
  'null',
  '[]',
  `{"level":"debug","x":"${'x'.repeat(2_000)}"}`,
])('a body that names no level changes nothing: %.20s', async (body) => {
  expect((await ask('PUT', body))[0]).toBe(400);
  expect(logger.level).toBe('info');
});

it('another method changes nothing', async () => {
  expect((await ask('POST', '{"level":"debug"}'))[0]).toBe(405);
  expect(logger.level).toBe('info');
});

it.each([{ origin: 'http://rebound.example' }, { origin: 'null' }, { 'sec-fetch-site': 'same-origin' }])(
  'a web page changes nothing: %j',
  async (headers) => {
    expect((await ask('PUT', '{"level":"silent"}', headers))[0]).toBe(403);
    expect(logger.level).toBe('info');
  },
);

it('a body without an end is read no further', async () => {
  const socket = connect(admin.port, '127.0.0.1');
  const over = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  socket.write('PUT /loglevel HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n');
  const part = Buffer.alloc(64 * 1_024, 'x');
  let written = 0;
  const write = (): void => {
    while (!socket.destroyed && written < 1_000 * part.length && socket.write(part)) written += part.length;
  };
  socket.on('drain', write);
  write();
  await over;
  expect(written).toBeLessThan(1_000 * part.length);
  expect(logger.level).toBe('info');
});
