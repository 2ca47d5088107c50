import {
  connectRaw,
  cookieOf,
  eventually,
  expectProblem,
  type HttpCall,
  openTransaction,
  stopBackends,
} from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

/** As many as a node of the testkit makes. */
const POOL = 5;
const PATIENCE_MS = 60_000;

const { cluster, anna, record, call, inWorkspace } = await setUpApi({ logLevel: 'silent' });
const unknown = '0b1f6a52-5d0e-4c0b-8f5e-3c1a7a9d2e41';
const origin = { origin: cluster.url() };
const cookie = await cookieOf(cluster, anna);
// Nobody has asked for her yet, so nobody knows her without Postgres.
const berta = await cluster.addPerson('Berta', { workspace: cluster.workspace, role: 'editor' });
const form = () => {
  const files = new FormData();
  files.append('file', new Blob(['x']), 'a.csv');
  return files;
};

/** A request of each kind: what is only read, what is written, and all that Better Auth answers. */
const edit = { operation: unknown, items: [{ record, baseVersion: 1, set: { note: 'x' } }] };
const reading: Array<[string, HttpCall]> = [
  ['/api/v1/me', {}],
  [inWorkspace('/members'), {}],
  [inWorkspace('/checksum'), {}],
  [inWorkspace('/conflicts'), {}],
  [inWorkspace(`/conflicts/${unknown}`), {}],
  [inWorkspace('/imports'), {}],
  [inWorkspace(`/imports/${unknown}`), {}],
  [inWorkspace('/locks'), {}],
  [inWorkspace(`/records/${record}`), {}],
  [inWorkspace(`/records/${record}/history`), {}],
  [inWorkspace('/snapshot'), {}],
  [inWorkspace('/records'), {}],
  ['/api/auth/get-session', {}],
  ['/api/v1/me/sessions', {}],
];
const signIn: [string, HttpCall] = [
  '/api/auth/sign-in/email',
  { method: 'POST', headers: origin, as: undefined, json: { email: anna.email, password: anna.password } },
];
const writing: Array<[string, HttpCall]> = [
  [inWorkspace('/imports'), { method: 'POST', body: form() }],
  [inWorkspace('/edits'), { method: 'POST', json: edit }],
  [inWorkspace(`/imports/${unknown}/cancellation`), { method: 'POST' }],
  signIn,
  [`/api/v1/me/sessions/${unknown}`, { method: 'DELETE' }],
  ['/api/auth/sign-out', { method: 'POST', headers: { ...origin, cookie }, as: undefined, json: {} }],
];

describe('R1.5 a Postgres that', () => {
  it('does not answer makes nothing but `unavailable`, which passes', async () => {
    const holder = await openTransaction(cluster.database.ownerUrl);
    await holder.query('lock table auth."user", auth.session in access exclusive mode');
    // Each keeps one of the connections over which the node lets people in, and so all of them.
    const kept = Array.from({ length: POOL }, () => call(...signIn));
    const asked = await (async () => {
      await using _stopped = await stopBackends(cluster.database.ownerUrl, 'meldesync-node-1-accounts', POOL);
      await holder.rollback();
      await holder[Symbol.asyncDispose]();
      const socket = await connectRaw(cluster.url(), { token: berta.token });
      const answers = await Promise.all(
        [...reading, ...writing].map(async ([path, options]) => ({ path, response: await call(path, options) })),
      );
      for (const { path, response } of answers)
        expect({ path, status: response.status }).toEqual({ path, status: 503 });
      for (const { response } of answers) await expectProblem(response, 'unavailable');
      expect(await socket.closeCode()).toBe(4500);
      expect(socket.closed?.reason).toBe('not ready');
      return answers.length;
    })();
    expect(asked).toBe(reading.length + writing.length);
    await Promise.all(kept);
    // Nobody was signed out by a request that was answered so.
    await eventually(async () => expect((await call('/api/v1/me')).status).toBe(200), PATIENCE_MS);
    expect((await call('/api/v1/me', { as: undefined, headers: { cookie } })).status).toBe(200);
  });

  it('takes no writes makes nothing but `unavailable` of them', async () => {
    const [{ name = '' } = {}] = await cluster.sql('select current_database() as name');
    const breakOff = `select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where datname = current_database() and application_name like 'meldesync-node-1%'`;
    await cluster.sql(`alter database ${String(name)} set default_transaction_read_only = on`);
    await cluster.sql(breakOff);
    await eventually(async () => expect((await call('/api/v1/me')).status).toBe(200));
    for (const [path, options] of writing) {
      const response = await call(path, options);
      expect({ path, status: response.status }).toEqual({ path, status: 503 });
      await expectProblem(response, 'unavailable');
    }
    await cluster.sql(
      `begin read write; alter database ${String(name)} reset default_transaction_read_only; commit; ${breakOff}`,
    );
    await eventually(async () => expect((await call(...signIn)).status).toBe(200));
    expect((await call('/api/v1/me')).status).toBe(200);
  });
});
