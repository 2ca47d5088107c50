import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisUrls } from '@meldesync/lifecycle';
import { makeCertificate, startTestRedis, startTlsFront, type TestRedis, type TlsFront } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis, requireRedis } from '../src/index.ts';

let folder = '';
let redis: TestRedis;
/** With a certificate for `localhost`. */
let front: TlsFront;
/** With another one, for another host. */
let elsewhere: TlsFront;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meldesync-tls-'));
  redis = await startTestRedis();
  const port = Number(new URL(redis.url).port);
  const [here, there] = await Promise.all([makeCertificate(), makeCertificate({ name: 'redis.test.example' })]);
  writeFileSync(join(folder, 'here.pem'), here.cert);
  writeFileSync(join(folder, 'there.pem'), there.cert);
  front = await startTlsFront({ port, certificate: here });
  elsewhere = await startTlsFront({ port, certificate: there });
});
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await elsewhere[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** An address as a program makes it of its settings. */
const addressOf = (port: number, authority?: string) =>
  redisUrls({
    REDIS_URL: `rediss://localhost:${port}`,
    REDIS_CA_FILE: authority === undefined ? undefined : join(folder, authority),
  }).redisUrl;

describe('Redis by TLS', () => {
  it('is taken with the authority that signed its certificate', async () => {
    expect(await requireRedis({ url: addressOf(front.port, 'here.pem'), prefix: 'test' })).toBeUndefined();
    using connection = connectRedis({
      url: addressOf(front.port, 'here.pem'),
      onConnectionError: (error) => {
        throw error;
      },
    });
    expect(await connection.redis.ping()).toBe('PONG');
  });

  it.each<[string, () => string, RegExp]>([
    [
      'signed by nobody who is trusted',
      () => addressOf(front.port),
      /has a certificate that is not to be trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ],
    [
      'signed by another',
      () => addressOf(front.port, 'there.pem'),
      /is not to be trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ],
    [
      'of another host',
      () => addressOf(elsewhere.port, 'there.pem'),
      /is not to be trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    ],
  ])('with a certificate %s is refused with a line that names the setting', async (_name, address, said) => {
    const error = await requireRedis({ url: address() }).catch((caught: unknown) => caught as Error);
    expect(error?.message).toMatch(said);
    expect(error?.message).toMatch(
      /^Redis at localhost:\d+ .*; see host and scheme in REDIS_URL or LOCK_REDIS_URLS, and the authority in REDIS_CA_FILE$/,
    );
    expect(error?.name).toBe('UnsupportedServer');
  });

  it('is sent nothing while its certificate is another, also later', async () => {
    const errors: Error[] = [];
    using connection = connectRedis({
      url: addressOf(elsewhere.port, 'here.pem'),
      commandTimeoutMs: 400,
      onConnectionError: (error) => errors.push(error),
    });
    await expect(connection.redis.set('secret', 'x')).rejects.toThrow();
    expect(errors.map((error) => 'code' in error && error.code)).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await redis.command('EXISTS', 'secret')).toBe(0);
  });

  it('of an address by TLS is refused where the server speaks none, and the other way round', async () => {
    const plain = redis.url.replace(/^redis:/, 'rediss:');
    await expect(requireRedis({ url: plain })).rejects.toThrow(
      /^Redis at \S+ speaks no TLS; see host and scheme in REDIS_URL or LOCK_REDIS_URLS/,
    );
    await expect(requireRedis({ url: `redis://localhost:${front.port}` })).rejects.toThrow(
      /^Redis at \S+ speaks only TLS; see host and scheme in REDIS_URL or LOCK_REDIS_URLS/,
    );
  });

  it('with a file that is not there is refused', async () => {
    await expect(requireRedis({ url: addressOf(front.port, 'none.pem') })).rejects.toThrow(
      `REDIS_CA_FILE names a file that cannot be read: ${join(folder, 'none.pem')} (ENOENT)`,
    );
  });

  it('is not given up for an address without', () => {
    const settings = { REDIS_URL: 'redis://a', REDIS_CA_FILE: '/ca.pem', LOCK_REDIS_URLS: ['rediss://b', 'redis://c'] };
    const problem = 'must begin with rediss://, since REDIS_CA_FILE is given';
    expect(() => redisUrls(settings)).toThrow(
      expect.objectContaining({
        problems: [
          { name: 'REDIS_URL', problem },
          { name: 'LOCK_REDIS_URLS', problem },
        ],
      }),
    );
  });
});
