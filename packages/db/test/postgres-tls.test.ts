import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTestDatabase,
  makeCertificate,
  runSql,
  startTlsFront,
  type TestDatabase,
  type TlsFront,
} from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirePostgres } from '../src/index.ts';

let folder = '';
let database: TestDatabase;
/** With a certificate for `localhost`. */
let front: TlsFront;
/** With another one, for another host. */
let elsewhere: TlsFront;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meldesync-tls-'));
  database = await createTestDatabase();
  const port = Number(new URL(database.ownerUrl).port);
  const [here, there] = await Promise.all([makeCertificate(), makeCertificate({ name: 'db.test.example' })]);
  writeFileSync(join(folder, 'here.pem'), here.cert);
  writeFileSync(join(folder, 'there.pem'), there.cert);
  front = await startTlsFront({ port, certificate: here, isPostgres: true });
  elsewhere = await startTlsFront({ port, certificate: there, isPostgres: true });
});
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await elsewhere[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function addressOf(port: number, authority?: string): string {
  const url = new URL(database.appUrl);
  url.hostname = 'localhost';
  url.port = String(port);
  url.searchParams.set('sslmode', 'verify-full');
  if (authority !== undefined) url.searchParams.set('sslrootcert', join(folder, authority));
  return url.href;
}

describe('Postgres by TLS', () => {
  it('is taken with the authority that signed its certificate', async () => {
    const url = addressOf(front.port, 'here.pem');
    expect(await requirePostgres({ url, logicalLog: false, user: 'node' })).toBeUndefined();
    expect(await runSql(url, 'select current_user as role')).toEqual([{ role: 'meldesync_app' }]);
  });

  it.each<[string, () => string, RegExp]>([
    ['signed by nobody who is trusted', () => addressOf(front.port), /\(DEPTH_ZERO_SELF_SIGNED_CERT\)/],
    ['signed by another', () => addressOf(front.port, 'there.pem'), /\(DEPTH_ZERO_SELF_SIGNED_CERT\)/],
    ['of another host', () => addressOf(elsewhere.port, 'there.pem'), /\(ERR_TLS_CERT_ALTNAME_INVALID\)/],
    [
      'not there, for it speaks no TLS',
      () => addressOf(Number(new URL(database.ownerUrl).port), 'here.pem'),
      /speaks no TLS/,
    ],
  ])(
    'with a certificate %s is refused with a line that names the setting, and no password',
    async (_, address, said) => {
      const error = await requirePostgres({ url: address(), setting: 'AUTH_DATABASE_URL', logicalLog: false }).catch(
        (caught: unknown) => caught as Error,
      );
      expect(error?.name).toBe('UnsupportedServer');
      expect(error?.message).toMatch(said);
      expect(error?.message).toMatch(
        /^PostgreSQL at localhost:\d+ .*; see host, sslmode and sslrootcert in AUTH_DATABASE_URL$/,
      );
      expect(error?.message).not.toContain('test-role');
    },
  );
});
