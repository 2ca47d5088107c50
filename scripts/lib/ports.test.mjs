import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from './failure.mjs';
import { chooseLocalPort, isPortFree, requireFreePort } from './ports.mjs';

/** @type {import('node:net').Server[]} */
const servers = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/**
 * Takes a free port on one address.
 * @param {string} host
 * @returns {Promise<number>}
 */
async function takePort(host) {
  const server = createServer();
  servers.push(server);
  await new Promise((resolve) => server.listen(0, host, () => resolve(undefined)));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return address.port;
}

describe('ports', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('sees a port that a program has on %s', async (host) => {
    const port = await takePort(host);
    expect(await isPortFree(port)).toBe(false);
    await expect(requireFreePort(port, 'PORT')).rejects.toThrow(Failure);
    await expect(requireFreePort(port, 'PORT')).rejects.toThrow(`PORT=${port + 1} npm start`);
  });

  it('keeps the port of the last time where it is free, and takes another where not', async () => {
    const taken = await takePort('127.0.0.1');
    const free = await chooseLocalPort(taken);
    expect(free).not.toBe(taken);
    expect(await chooseLocalPort(free)).toBe(free);
  });
});
