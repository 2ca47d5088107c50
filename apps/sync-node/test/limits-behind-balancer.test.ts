import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { readRedis, serverPort, startBalancer, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type AddressedCall, callFrom, signInFrom, times } from './limits-setup.ts';

const port = await serverPort();
const cluster = await startCluster({
  nodes: 2,
  worker: false,
  baseUrl: `http://127.0.0.1:${port}`,
  trustedProxies: ['127.0.0.1'],
});
const [first = 0, second = 0] = cluster.nodes.map((node) => node.port);
// Its file has three places: two of them are one node.
const balancer = await startBalancer({ port, nodePorts: [first, second, second] });
await balancer.whole();
afterAll(async () => {
  await balancer[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const HOSPITAL = '127.0.0.2';
const ELSEWHERE = '127.0.0.3';
const join = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });
const from = (address: string, more: Partial<AddressedCall> = {}): AddressedCall => ({ port, from: address, ...more });

describe('two nodes behind a proxy', () => {
  it('200 wrong passwords for one account slow it from there alone, while 40 colleagues sign in from there', async () => {
    const anna = await join('Anna');
    const colleagues: TestPerson[] = [];
    for (let count = 0; count < 40; count++) colleagues.push(await join(`Colleague ${count}`));

    const guess = async () => {
      const guesses = await times(200, 4, (index) => signInFrom(anna, `guess number ${index}`, from(HOSPITAL)));
      return { guesses, right: await signInFrom(anna, anna.password, from(HOSPITAL)) };
    };
    const [{ guesses, right }, entered] = await Promise.all([
      guess(),
      times(40, 4, (index) => {
        const colleague = colleagues[index] ?? anna;
        return signInFrom(colleague, colleague.password, from(HOSPITAL));
      }),
    ]);

    expect(entered.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
    const looked = guesses.filter(({ status }) => status === 401);
    const refused = guesses.filter(({ status }) => status === 429);
    expect(looked.length + refused.length).toBe(200);
    // Ten are free, over both nodes; the few after them waited for their turn.
    expect(looked.length).toBeGreaterThanOrEqual(10);
    expect(looked.length).toBeLessThanOrEqual(16);
    for (const { code, retryAfter, headers } of refused) {
      expect(code).toBe('rate-limited');
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(300);
      expect(headers.get('content-type')).toBe('application/problem+json');
    }
    expect(right.status).toBe(429);
    expect((await signInFrom(anna, anna.password, from(ELSEWHERE))).status).toBe(200);
    const told = await cluster.sql(`select actor, subject, address, after from events where kind = 'sign-in-slowed'`);
    expect(told).toEqual([
      { actor: 'system', subject: `user:${anna.id}`, address: HOSPITAL, after: { limit: 'password' } },
    ]);
    // Nothing in Redis tells of whom it is.
    const { keys: all } = await readRedis(cluster.redis);
    const keys = [...all.keys()].filter((key) => key.startsWith(`${cluster.redisPrefix}:limits:`));
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key).not.toMatch(/127\.0\.0|test\.example|person/);
  });

  it('the right password is taken again once the wait is over, and then all is forgotten', async () => {
    const berta = await join('Berta');
    let wait = 0;
    for (let count = 0; wait === 0; count++) {
      expect(count).toBeLessThan(12);
      wait = (await signInFrom(berta, 'not hers', from(HOSPITAL))).retryAfter ?? 0;
    }
    expect((await signInFrom(berta, berta.password, from(HOSPITAL))).status).toBe(429);
    await new Promise((resolve) => setTimeout(resolve, wait * 1_000 + 50));
    expect((await signInFrom(berta, berta.password, from(HOSPITAL))).status).toBe(200);
    expect((await signInFrom(berta, 'not hers', from(HOSPITAL))).status).toBe(401);
  });

  it('a browser that knows somebody lets them in, whatever is tried beside them', async () => {
    const carla = await join('Carla');
    const origin = `http://127.0.0.1:${port}`;
    const first = await callFrom('/api/auth/sign-in/email', {
      ...from(HOSPITAL, { headers: { origin } }),
      json: { email: carla.email, password: carla.password },
    });
    const known = first.headers.getSetCookie().find((cookie) => cookie.startsWith('meldesync.known='));
    expect(known).toMatch(/; HttpOnly/);
    expect(known).toMatch(/; Path=\/api\/auth\//);
    const cookie = known?.split(';')[0] ?? '';
    await times(15, 1, () => signInFrom(carla, 'not hers', from(HOSPITAL)));
    expect((await signInFrom(carla, carla.password, from(HOSPITAL))).status).toBe(429);
    expect((await signInFrom(carla, carla.password, from(HOSPITAL, { headers: { origin, cookie } }))).status).toBe(200);
  });

  it('forged headers change nothing: neither do they free who guesses, nor slow whom they name', async () => {
    const dora = await join('Dora');
    const guesses = await times(30, 1, (index) =>
      signInFrom(
        dora,
        'not hers',
        from(HOSPITAL, {
          headers: {
            'x-forwarded-for': `203.0.113.${index}`,
            'x-real-ip': `203.0.113.${index}`,
            forwarded: `for=203.0.113.${index}`,
            'x-client-ip': ELSEWHERE,
          },
        }),
      ),
    );
    expect(guesses.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(13);
    expect(guesses.at(-1)?.code).toBe('rate-limited');
    expect((await signInFrom(dora, dora.password, from(ELSEWHERE))).status).toBe(200);
  });

  it('of IPv6 all addresses of a network are one, and a session has its own', async () => {
    const emil = await join('Emil');
    const nodePort = cluster.nodes[0]?.port ?? 0;
    const by = (address: string): AddressedCall => ({ port: nodePort, headers: { 'x-forwarded-for': address } });
    const guesses = await times(12, 1, (index) => signInFrom(emil, 'not his', by(`2001:db8:1:2::${index + 1}`)));
    expect(guesses.at(-1)?.code).toBe('rate-limited');
    const entered = await signInFrom(emil, emil.password, by('2001:0DB8:0001:0003::0001'));
    expect(entered.status).toBe(200);
    const [session] = await cluster.sql(
      'select ip_address from auth.session where user_id = $1 order by created_at desc limit 1',
      [emil.id],
    );
    expect(session).toEqual({ ip_address: '2001:db8:1:3::1' });
  });
});

describe('an account that nobody has', () => {
  it('is answered as any other, from the first try to those that are refused, and costs as much', async () => {
    const frida = await join('Frida');
    const hashes = vi.spyOn(crypto, 'scrypt');
    syncBuiltinESMExports();
    /** Tries until ten were looked at and one refused; the answers, and how many hashes they took. */
    const row = async (email: string) => {
      const before = hashes.mock.calls.length;
      const answers: object[] = [];
      for (let last = 0; last !== 429; ) {
        const { status, code, retryAfter, headers, body } = await signInFrom({ email }, 'nobody’s', from(ELSEWHERE));
        const names = [...headers.keys()].filter((name) => name !== 'date').toSorted();
        answers.push({ status, code, names, body, isHeld: retryAfter !== null });
        expect(answers.length).toBeLessThan(16);
        last = status;
      }
      return { first: answers.slice(0, 10), last: answers.at(-1), looked: answers.length - 1, before };
    };
    const known = await row(frida.email);
    const unknown = await row('nobody@test.example');
    expect(unknown.first).toEqual(known.first);
    expect(unknown.last).toEqual(known.last);
    // Each that is looked at takes one hash, each that is refused none.
    expect(unknown.before - known.before).toBe(known.looked);
    expect(hashes.mock.calls.length - unknown.before).toBe(unknown.looked);
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
});
