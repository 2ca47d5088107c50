import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSteadyClock } from './steady-clock.ts';

const HOUR_MS = 3_600_000;

/** A machine of which a test turns the clock. */
function setUp() {
  const machine = { wall: 1_700_000_000_000, monotonic: 5 };
  const clock = createSteadyClock(
    () => machine.wall,
    () => machine.monotonic,
  );
  const startedAt = clock();
  return {
    passed: () => clock() - startedAt,
    run(ms: number): void {
      machine.wall += ms;
      machine.monotonic += ms;
    },
    sleep(ms: number): void {
      machine.wall += ms;
    },
    setClock(byMs: number): void {
      machine.wall += byMs;
    },
  };
}

describe('the steady clock', () => {
  it('begins with what the clock of the machine shows, and goes with it', () => {
    expect(
      createSteadyClock(
        () => 1_700_000_000_000,
        () => 7,
      )(),
    ).toBe(1_700_000_000_000);
    const { passed, run } = setUp();
    run(90_000);
    expect(passed()).toBe(90_000);
  });

  it('R4.3 goes on when the clock of the machine is set back, however often, and when that is put right', () => {
    const { passed, run, setClock } = setUp();
    setClock(-2 * HOUR_MS);
    run(60_000);
    expect(passed()).toBe(60_000);
    setClock(-HOUR_MS);
    run(60_000);
    expect(passed()).toBe(120_000);
  });

  it('R4.3 counts the time in which the machine slept, also after its clock was set back', () => {
    const { passed, run, sleep, setClock } = setUp();
    sleep(2 * HOUR_MS);
    expect(passed()).toBe(2 * HOUR_MS);
    setClock(-HOUR_MS);
    expect(passed()).toBe(2 * HOUR_MS);
    sleep(HOUR_MS);
    run(10);
    expect(passed()).toBe(3 * HOUR_MS + 10);
  });

  it('R4.3 never goes back, and never behind the time in which the machine ran', () => {
    const step = fc.record({ run: fc.nat(10_000), set: fc.integer({ min: -10_000_000, max: 10_000_000 }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { passed, run, setClock } = setUp();
        let ran = 0;
        let before = 0;
        for (const { run: ms, set } of steps) {
          run(ms);
          setClock(set);
          ran += ms;
          const now = passed();
          expect(now).toBeGreaterThanOrEqual(Math.max(before, ran));
          before = now;
        }
      }),
    );
  });
});
