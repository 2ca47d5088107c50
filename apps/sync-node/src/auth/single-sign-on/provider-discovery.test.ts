import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { ProviderDiscovery, whyNoAnswer } from './provider-discovery.ts';

/** Why there is no provider behind an address. */
const reasonOf = async (issuer: string) =>
  new ProviderDiscovery(issuer).find().then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );

async function withServer(answer: RequestListener): Promise<string | undefined> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    return await reasonOf(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it.each([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])('says that a certificate is not trusted: %s', (code) => {
  const refused = new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code }) });
  expect(whyNoAnswer(refused)).toMatch(new RegExp(`certificate is not trusted \\(${code}\\): .*NODE_EXTRA_CA_CERTS`));
});

it('says whether a provider is away, silent or no provider', async () => {
  expect(await reasonOf(`http://127.0.0.1:${await freePort()}`)).toBe('the provider does not answer (ECONNREFUSED)');
  expect(whyNoAnswer(new DOMException('late', 'TimeoutError'))).toBe('the provider does not answer (ETIMEDOUT)');
  expect(await withServer((_request, response) => void response.end('<html>'))).toBe(
    'the provider does not answer, or with what is no JSON',
  );
  expect(await withServer((_request, response) => void response.writeHead(404).end())).toBe(
    "the provider's description was answered with 404",
  );
});

it('follows no provider elsewhere', async () => {
  const asked: (string | undefined)[] = [];
  const reason = await withServer(({ url }, response) => {
    asked.push(url);
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  expect(reason).toBe("the provider's description was answered with 302");
  expect(asked).toEqual(['/.well-known/openid-configuration']);
});
