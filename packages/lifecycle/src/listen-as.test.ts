import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { CannotListen, listenAs } from './listen-as.ts';

const settings = { host: 'HOST', port: 'PORT' };

async function listen(host: string, port = 0): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  server.unref();
  return typeof address === 'object' && address ? address.port : 0;
}

it.each([
  ['203.0.113.7', 'EADDRNOTAVAIL'],
  ['no.such.host.invalid', 'ENOTFOUND|EAI_AGAIN'],
])('names the setting of a host that is not of this machine: %s', async (host, code) => {
  const refused = listenAs(settings, () => listen(host));
  await expect(refused).rejects.toThrow(CannotListen);
  await expect(refused).rejects.toThrow(
    new RegExp(`^setting HOST: cannot listen there \\((${code})\\); is it an address of this machine\\?$`),
  );
});

it('names the setting of a port that is taken', async () => {
  const port = await listen('127.0.0.1');
  await expect(listenAs(settings, () => listen('127.0.0.1', port))).rejects.toThrow(
    `setting PORT: port ${port} is taken by another program`,
  );
});

it('leaves other errors as they are', async () => {
  const error = new Error('no');
  await expect(listenAs(settings, () => Promise.reject(error))).rejects.toBe(error);
});
