import { describe, expect, it } from 'vitest';
import { FakeStore } from './fake-store.ts';
import { createLimitKey } from './limit-key.ts';
import { RateLimitedError } from './rate-limited.ts';
import { type Slowed, type Trier, Tries, type Try, type Verdict } from './tries.ts';

const SECRET = 'a secret that is long enough for all nodes';

function setUp() {
  const store = new FakeStore();
  const slowed: Slowed[] = [];
  let refused = 0;
  const tries = new Tries({
    store,
    key: createLimitKey(SECRET),
    onRefused: () => {
      refused += 1;
    },
    onSlowed: async (one) => {
      slowed.push(one);
    },
  });
  /** Tries; how long it was refused for in seconds, 0 where it was made. */
  const attempt = async (verdict: Verdict, asked: Partial<Try> = {}): Promise<number> => {
    const whole: Try = {
      secret: 'password',
      account: 'anna@example.org',
      address: '203.0.113.9',
      trier: { as: 'stranger' },
      user: async () => 'anna',
      ...asked,
    };
    try {
      await (await tries.begin(whole)).settle(verdict);
      return 0;
    } catch (error) {
      if (error instanceof RateLimitedError) return error.retryAfterMs / 1_000;
      throw error;
    }
  };
  const wrong = async (count: number, asked: Partial<Try> = {}) => {
    for (let made = 0; made < count; ) {
      const wait = await attempt('wrong', asked);
      if (wait === 0) made += 1;
      store.nowMs += wait * 1_000;
    }
  };
  const pass = (seconds: number) => {
    store.nowMs += seconds * 1_000;
  };
  return { store, tries, attempt, wrong, pass, slowed, refused: () => refused };
}

describe('wrong tries of one account at one address', () => {
  it('are no more for a try that was begun before all were forgotten, and ends after', async () => {
    const { store, tries, attempt, pass } = setUp();
    const asked = { secret: 'password', account: 'anna@example.org', address: '203.0.113.9' } as const;
    const begin = () => tries.begin({ ...asked, trier: { as: 'stranger' }, user: async () => 'anna' });
    const slow = [await begin(), await begin(), await begin()];
    pass(6 * 60 * 60);
    for (const one of slow) await one.settle('neither');
    for (let count = 0; count < 10; count++) expect(await attempt('wrong')).toBe(0);
    expect(await attempt('wrong')).toBeGreaterThan(0);
    expect(store.keys.length).toBeGreaterThan(0);
  });

  it('slow those that follow from the tenth on, twice as long each time, up to five minutes', async () => {
    const { attempt, pass } = setUp();
    for (let count = 0; count < 10; count++) expect(await attempt('wrong')).toBe(0);
    const waits = [];
    for (let count = 0; count < 10; count++) {
      const wait = await attempt('wrong');
      waits.push(wait);
      pass(wait);
      expect(await attempt('wrong')).toBe(0);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it('refused tries make nobody wait longer, however many there are', async () => {
    const { attempt, wrong, pass } = setUp();
    await wrong(10);
    for (let count = 0; count < 200; count++) expect(await attempt('wrong')).toBe(2);
    pass(2);
    expect(await attempt('wrong')).toBe(0);
    expect(await attempt('wrong')).toBe(4);
  });

  it('two hundred at once are no way around it', async () => {
    const { attempt } = setUp();
    const waits = await Promise.all(Array.from({ length: 200 }, () => attempt('wrong')));
    expect(waits.filter((wait) => wait === 0).length).toBeLessThanOrEqual(10);
  });

  it('are forgotten once one is right; what nobody looked at never counted', async () => {
    const { attempt, wrong, pass } = setUp();
    await wrong(12);
    pass(8);
    expect(await attempt('right')).toBe(0);
    for (let count = 0; count < 30; count++) expect(await attempt('neither')).toBe(0);
    for (let count = 0; count < 10; count++) expect(await attempt('wrong')).toBe(0);
    expect(await attempt('right')).toBe(2);
  });

  it('slow that account from elsewhere hardly, and no other account', async () => {
    const { attempt, wrong } = setUp();
    await wrong(20);
    expect(await attempt('right', { address: '198.51.100.7' })).toBe(0);
    for (let person = 0; person < 40; person++) {
      expect(await attempt('right', { account: `colleague${person}@example.org` })).toBe(0);
    }
  });

  it('of IPv6 are those of a network', async () => {
    const { attempt, wrong } = setUp();
    for (let last = 1; last <= 10; last++) await wrong(1, { address: `2001:db8:1:2::${last}` });
    expect(await attempt('wrong', { address: '2001:db8:1:2::ffff' })).toBe(2);
    expect(await attempt('wrong', { address: '2001:db8:1:3::1' })).toBe(0);
  });
});

describe('many who guess together, or one who guesses for many', () => {
  it('an account is slowed from anywhere once very many were wrong, and never by more than half a minute', async () => {
    const { attempt, wrong } = setUp();
    for (let one = 0; one < 100; one++) await wrong(1, { address: `198.51.100.${one}` });
    expect(await attempt('wrong', { address: '203.0.113.1' })).toBe(1);
    for (let one = 100; one < 110; one++) await wrong(1, { address: `198.51.100.${one}` });
    expect(await attempt('wrong', { address: '203.0.113.2' })).toBe(30);
  });

  it('an address is slowed once very many accounts were tried there, by ten seconds at most', async () => {
    const { attempt, wrong } = setUp();
    for (let one = 0; one < 100; one++) await wrong(1, { account: `person${one}@example.org` });
    expect(await attempt('wrong', { account: 'one.more@example.org' })).toBe(1);
    for (let one = 100; one < 110; one++) await wrong(1, { account: `person${one}@example.org` });
    expect(await attempt('wrong', { account: 'two.more@example.org' })).toBe(10);
  });

  it('a network of 48 bits has more, and then is slowed as well', async () => {
    const { attempt, wrong } = setUp();
    for (let one = 0; one < 400; one++)
      await wrong(1, { account: `person${one}@example.org`, address: `2001:db8:1:${one.toString(16)}::1` });
    expect(await attempt('wrong', { account: 'one.more@example.org', address: '2001:db8:1:ffff::1' })).toBe(1);
    expect(await attempt('wrong', { account: 'one.more@example.org', address: '2001:db8:2:ffff::1' })).toBe(0);
  });

  it.each<[string, Trier]>([
    ['a browser that knows the person', { as: 'device', mark: 'a mark' }],
    ['a session of theirs', { as: 'session' }],
  ])('neither holds up %s', async (_, trier) => {
    const { attempt, wrong } = setUp();
    await wrong(30);
    for (let one = 0; one < 120; one++) await wrong(1, { address: `198.51.100.${one}` });
    for (let one = 0; one < 120; one++) await wrong(1, { account: `person${one}@example.org` });
    expect(await attempt('wrong')).toBeGreaterThan(0);
    expect(await attempt('right', { trier })).toBe(0);
    await wrong(10, { trier });
    expect(await attempt('wrong', { trier })).toBe(2);
  });

  it('codes are slowed from anywhere much sooner: who is asked for one had the password', async () => {
    const { attempt, wrong } = setUp();
    for (let one = 0; one < 30; one++) await wrong(1, { secret: 'code', address: `198.51.100.${one}` });
    expect(await attempt('wrong', { secret: 'code', address: '203.0.113.1' })).toBe(2);
  });

  it('so is an account in whose sessions somebody guesses from many addresses', async () => {
    const { attempt, wrong } = setUp();
    const trier: Trier = { as: 'session' };
    for (let one = 0; one < 30; one++) await wrong(1, { trier, address: `198.51.100.${one}` });
    expect(await attempt('wrong', { trier, address: '203.0.113.1' })).toBe(2);
  });
});

it('what nobody guesses is refused once it was wrong too often, at that address alone', async () => {
  const { tries } = setUp();
  for (let count = 0; count < 30; count++) await tries.wrong('link', '203.0.113.9');
  await expect(tries.wrong('link', '203.0.113.9')).rejects.toMatchObject({ retryAfterMs: 2_000 });
  await tries.wrong('link', '198.51.100.7');
  await tries.wrong('passkey', '203.0.113.9');
});

it('is put on record once in a row, with the person where there is one, and counted each time', async () => {
  const { attempt, wrong, slowed, refused, pass } = setUp();
  await wrong(10);
  for (let count = 0; count < 5; count++) await attempt('wrong');
  expect(slowed).toEqual([{ secret: 'password', user: 'anna', address: '203.0.113.9' }]);
  expect(refused()).toBe(5);
  pass(900);
  await attempt('wrong');
  await attempt('wrong');
  expect(slowed).toHaveLength(2);
});

it('work that fails was neither right nor wrong', async () => {
  const { tries, attempt } = setUp();
  const asked: Try = {
    secret: 'password',
    account: 'anna@example.org',
    address: '203.0.113.9',
    trier: { as: 'stranger' },
    user: async () => undefined,
  };
  for (let count = 0; count < 20; count++)
    await expect(tries.run(asked, () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
  expect(await attempt('wrong')).toBe(0);
});

it('no key tells of an address or an account', async () => {
  const { store, wrong } = setUp();
  await wrong(12, { address: '2001:db8:1:2::1' });
  expect(store.keys.length).toBeGreaterThan(4);
  for (const key of store.keys) expect(key).not.toMatch(/anna|example|2001|db8/);
  const other = createLimitKey('another secret that is long enough');
  expect(other('a')).not.toBe(createLimitKey(SECRET)('a'));
});

it('many accounts tried from one address are told of once, and looked up by nobody once the address is refused', async () => {
  const { attempt, slowed } = setUp();
  let lookedUp = 0;
  const user = async () => {
    lookedUp += 1;
    return undefined;
  };
  for (let person = 0; person < 100; person++) expect(await attempt('wrong', { account: `p${person}`, user })).toBe(0);
  for (let person = 100; person < 400; person++)
    expect(await attempt('wrong', { account: `p${person}`, user })).toBe(1);
  expect(slowed).toEqual([{ secret: 'password', user: undefined, address: '203.0.113.9' }]);
  expect(lookedUp).toBe(0);
});

it.each(['passkey', 'single-sign-on'] as const)(
  'thirty failures by %s of an address go on record, and once that there were more',
  async (secret) => {
    const { tries, pass, slowed } = setUp();
    const records = async (count: number, address: string) => {
      let recorded = 0;
      for (let made = 0; made < count; made++) if (await tries.mayRecord(secret, address)) recorded += 1;
      return recorded;
    };
    expect(await records(200, '203.0.113.9')).toBe(30);
    expect(slowed).toEqual([{ secret, user: undefined, address: '203.0.113.9' }]);
    expect(await records(5, '198.51.100.7')).toBe(5);
    pass(15 * 60);
    expect(await records(200, '203.0.113.9')).toBe(30);
  },
);
