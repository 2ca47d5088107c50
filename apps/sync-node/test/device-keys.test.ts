import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { API_PREFIX, type DeviceKeys, deviceKeys } from '@meldesync/protocol';
import type { TestPerson } from '@meldesync/testkit';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const { cluster, anna, call } = await setUpApi();

describe('keys of what a browser keeps', () => {
  let ben: TestPerson;
  beforeAll(async () => {
    ben = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'editor' });
  });
  beforeEach(async () => {
    await cluster.sql(`update auth.session set is_shared = false, kind = 'browser'`);
  });

  const ask = (body: unknown, as = anna) => call(`${API_PREFIX}/me/device`, { method: 'POST', json: body, as });
  const keysOf = async (as = anna, body: unknown = { isShared: false }): Promise<DeviceKeys> => {
    const response = await ask(body, as);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    return deviceKeys.parse(await response.json());
  };

  it('are the same for a session each time, and others for another session of the same person', async () => {
    const first = await keysOf();
    expect(await keysOf()).toMatchObject({ session: first.session, copyKey: first.copyKey, sealing: first.sealing });
    const { name, value } = await cluster.openSession(anna);
    const response = await call(`${API_PREFIX}/me/device`, {
      method: 'POST',
      json: { isShared: false },
      as: undefined,
      headers: { cookie: `${name}=${value}`, origin: cluster.url() },
    });
    const other = deviceKeys.parse(await response.json());
    expect(other.copyKey).not.toBe(first.copyKey);
    expect(other.session).not.toBe(first.session);
    expect(other.sealing).toEqual(first.sealing);
  });

  it("are nobody else's", async () => {
    const [own, others] = [await keysOf(anna), await keysOf(ben)];
    expect(others.copyKey).not.toBe(own.copyKey);
    expect(others.sealing[0]?.publicKey).not.toBe(own.sealing[0]?.publicKey);
  });

  it('come as pairs of P-256 whose halves belong together', async () => {
    const { sealing } = await keysOf();
    for (const { publicKey, privateKey } of sealing) {
      const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
      const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
      const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
      expect(point.toString('base64')).toBe(publicKey);
      // It is a point of the curve.
      expect(() => createECDH('prime256v1').computeSecret(Buffer.from(publicKey, 'base64'))).toThrow();
    }
  });

  it('give the public key of others whose edits wait, never more of them', async () => {
    const answer = await keysOf(anna, { isShared: false, owners: [ben.id] });
    const { sealing } = await keysOf(ben);
    expect(answer.owners).toEqual({ [ben.id]: sealing[0]?.publicKey });
    expect(JSON.stringify(answer)).not.toContain(sealing[0]?.privateKey);
  });

  it('leave nothing to keep on a shared device, for the life of the session, which says so', async () => {
    const shared = await keysOf(anna, { isShared: true });
    expect(shared).toMatchObject({ isShared: true, copyKey: null, keepMs: 0, idleMs: 30 * 60_000 });
    expect(await keysOf(anna, { isShared: false })).toMatchObject({ isShared: true, copyKey: null });
    expect(await cluster.sql('select is_shared from auth.session where user_id = $1', [anna.id])).toContainEqual({
      is_shared: true,
    });
  });

  it('hold for 12 hours', async () => {
    expect(await keysOf()).toMatchObject({ keepMs: 12 * 3_600_000, idleMs: 12 * 3_600_000 });
  });

  it.each(['terminal', 'service'])('are not for the session of a %s', async (kind) => {
    await cluster.sql('update auth.session set kind = $1 where user_id = $2', [kind, anna.id]);
    const response = await ask({ isShared: false });
    expect([response.status, await response.json()]).toEqual([403, expect.objectContaining({ code: 'forbidden' })]);
  });

  it.each([
    ['nothing', undefined],
    ['no word on the device', {}],
    ['more owners than a browser has', { isShared: false, owners: Array.from({ length: 51 }, () => 'a') }],
    ['owners of no text', { isShared: false, owners: [1] }],
  ])('refuses %s', async (_, body) => {
    expect((await ask(body)).status).toBeGreaterThanOrEqual(400);
    expect((await ask(body)).status).toBeLessThan(500);
  });
});

describe('a browser is told the limits that the node was given', async () => {
  const MINUTE_MS = 60_000;
  const limits = { idleMs: 120 * MINUTE_MS, sharedIdleMs: 5 * MINUTE_MS, maxMs: 24 * 60 * MINUTE_MS };
  const own = await setUpApi({ relay: false, sessionsOfNode: () => ({ sessionLimits: limits }) });
  const opened = async (isShared: boolean): Promise<DeviceKeys> => {
    const response = await own.call(`${API_PREFIX}/me/device`, { method: 'POST', json: { isShared } });
    return deviceKeys.parse(await response.json());
  };

  it('and opens its copy no longer than its session would last without anybody', async () => {
    await own.cluster.sql(`update auth.session set is_shared = false, kind = 'browser'`);
    expect(await opened(false)).toMatchObject({ keepMs: limits.idleMs, idleMs: limits.idleMs });
    expect(await opened(true)).toMatchObject({ keepMs: 0, idleMs: limits.sharedIdleMs });
  });
});
