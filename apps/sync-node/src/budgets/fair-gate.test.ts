import { expect, it } from 'vitest';
import { RateLimitedError } from '../limits/rate-limited.ts';
import { FairGate, type FairGateRules } from './fair-gate.ts';
import { QueueTooLongError } from './queue-too-long.ts';

/** A clock that a test moves on; what is due happens then. */
function manualRuntime() {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const after = (delayMs: number, callback: () => void) => {
    const timer = { at: now + delayMs, callback };
    timers.push(timer);
    return { cancel: () => void (timers = timers.filter((one) => one !== timer)) };
  };
  const settle = async () => {
    for (let round = 0; round < 20; round++) await Promise.resolve();
  };
  return {
    monotonicMs: () => now,
    after,
    sleep: (delayMs: number) => new Promise<void>((resolve) => void after(delayMs, resolve)),
    settle,
    pass: async (ms: number) => {
      await settle();
      const end = now + ms;
      for (;;) {
        const [due] = timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (!due) break;
        now = due.at;
        timers = timers.filter((one) => one !== due);
        due.callback();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

const RULES: FairGateRules = {
  atOnce: 3,
  each: 2,
  waiting: 4,
  waitMs: 4_000,
  allowance: { burst: 1_000, perSecond: 100 },
  costOf: (ms) => ms,
};

function setUp(rules: Partial<FairGateRules> = {}) {
  const runtime = manualRuntime();
  const gate = new FairGate({ ...RULES, ...rules }, runtime);
  const begun: string[] = [];
  const open = new Map<string, () => void>();
  const refused = new Map<string, unknown>();
  /** Named by who asks and what. */
  const ask = async (name: string) => {
    const asked = gate.run(name[0] ?? '', () => {
      begun.push(name);
      return new Promise<void>((resolve) => open.set(name, resolve));
    });
    asked.catch((error: unknown) => refused.set(name, error));
    await runtime.settle();
  };
  const end = async (name: string) => {
    open.get(name)?.();
    await runtime.settle();
  };
  return { runtime, gate, begun, refused, ask, end };
}

it('one waits behind what they asked for themselves, and nobody else does', async () => {
  const { begun, ask, end } = setUp();
  for (const name of ['a1', 'a2', 'a3', 'a4']) await ask(name);
  expect(begun).toEqual(['a1', 'a2']);
  await ask('b1');
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  await ask('b2');
  await ask('c1');
  // As many as may go on at all do. Whoever is first in turn comes next, once each.
  await end('b1');
  await end('a1');
  await end('a2');
  expect(begun).toEqual(['a1', 'a2', 'b1', 'b2', 'a3', 'c1']);
});

it('what is too much to wait is refused, and the refusal takes its time', async () => {
  const { runtime, gate, refused, ask } = setUp();
  for (let count = 1; count <= 6; count++) await ask(`a${count}`);
  expect(gate.state).toEqual({ running: 2, waiting: 4 });
  await ask('a7');
  expect(refused.size).toBe(0);
  await runtime.pass(1_000);
  expect([...refused.keys()]).toEqual(['a7']);
  expect(refused.get('a7')).toBeInstanceOf(RateLimitedError);
});

it('who has used up their share waits until there is some again; others do not', async () => {
  const { runtime, begun, ask, end } = setUp();
  await ask('a1');
  await runtime.pass(1_200);
  await end('a1');
  await ask('a2');
  await ask('b1');
  expect(begun).toEqual(['a1', 'b1']);
  // It lacks 200, of which a second gives 100 back.
  await runtime.pass(1_900);
  expect(begun).toEqual(['a1', 'b1']);
  await runtime.pass(200);
  expect(begun).toEqual(['a1', 'b1', 'a2']);
});

it('who has used up so much that it would take too long is told when to come back', async () => {
  const { runtime, refused, ask, end } = setUp();
  await ask('a1');
  await runtime.pass(2_000);
  await end('a1');
  await ask('a2');
  await runtime.pass(1_000);
  expect(refused.get('a2')).toMatchObject({ code: 'rate-limited', retryAfterMs: 10_010 });
});

it('who waits for what does not end is told that it is not available, since they have used nothing up', async () => {
  const { runtime, refused, ask } = setUp({ costOf: () => 0 });
  for (const name of ['a1', 'a2', 'a3']) await ask(name);
  await runtime.pass(4_000);
  expect(refused.get('a3')).toBeInstanceOf(QueueTooLongError);
});

it('what the service could not answer costs nothing', async () => {
  const { runtime, gate } = setUp();
  const failing = gate.run('a', () => runtime.sleep(5_000).then(() => Promise.reject(new Error('away'))));
  const told = expect(failing).rejects.toThrow('away');
  await runtime.pass(5_000);
  await told;
  const free = gate.run(
    'a',
    () => runtime.sleep(5_000),
    () => 0,
  );
  await runtime.pass(5_000);
  await free;
  await expect(gate.run('a', () => Promise.resolve('at once'))).resolves.toBe('at once');
});

it('forgets those of whom nothing is left to be known', async () => {
  const { gate } = setUp({ costOf: () => 0 });
  for (let count = 0; count < 5_000; count++) await gate.run(`guest-${count}`, () => Promise.resolve());
  expect(gate.guests).toBeLessThanOrEqual(1_000);
});
