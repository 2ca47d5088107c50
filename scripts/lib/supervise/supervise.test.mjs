import { describe, expect, it } from 'vitest';
import { supervise } from './supervise.mjs';

/** A clock that stands still until it is told to go on. */
function standingClock() {
  let nowMs = 0;
  /** @type {{ dueMs: number, callback: () => void }[]} */
  let timers = [];
  return {
    nowMs: () => nowMs,
    /**
     * @param {() => void} callback
     * @param {number} delayMs
     */
    after: (callback, delayMs) => {
      const timer = { dueMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    /**
     * Lets time pass, in steps small enough that everything comes in its order.
     * @param {number} passingMs
     */
    pass: async (passingMs) => {
      for (const endMs = nowMs + passingMs; nowMs < endMs; nowMs += 10) {
        const due = timers.filter(({ dueMs }) => dueMs <= nowMs);
        timers = timers.filter((timer) => !due.includes(timer));
        for (const { callback } of due) callback();
        await settle();
      }
    },
  };
}

/** Lets everything happen that needs no time. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A child whose processes are made and ended by the test. */
function sample() {
  /** @type {{ end: (how: string) => void, asked: number, killed: number }[]} */
  const processes = [];
  /** @type {{ isReady: boolean, startFails: boolean, replace: string | undefined }} */
  const facts = { isReady: true, startFails: false, replace: undefined };
  return {
    processes,
    facts,
    latest: () => {
      const process = processes.at(-1);
      if (!process) throw new Error('nothing was started');
      return process;
    },
    order: {
      name: 'sample',
      start: async () => {
        if (facts.startFails) throw new Error('no room left');
        /** @type {(how: string) => void} */
        let end = () => {};
        /** @type {Promise<string>} */
        const ended = new Promise((resolve) => {
          end = resolve;
        });
        const process = { end, asked: 0, killed: 0 };
        processes.push(process);
        return { ended, stop: () => void process.asked++, kill: () => void process.killed++ };
      },
      whyNotReady: async () => (facts.isReady ? undefined : 'it sleeps'),
      whyReplace: () => facts.replace,
    },
  };
}

describe('a supervised child', () => {
  it('is started again when it ends, after its wait', async () => {
    const clock = standingClock();
    const { order, processes, latest } = sample();
    const child = supervise(order, clock);
    await settle();
    await child.ready;
    latest().end('SIGKILL');
    await clock.pass(200);
    expect(processes).toHaveLength(1);
    await clock.pass(100);
    expect(processes).toHaveLength(2);
  });

  it('that ends before it was ready is a failure that says how, and is not started again', async () => {
    const clock = standingClock();
    const { order, processes, facts, latest } = sample();
    facts.isReady = false;
    const child = supervise(order, clock);
    await settle();
    latest().end('exit code 78');
    await expect(child.ready).rejects.toThrow(/sample ended by itself \(exit code 78\)/);
    await clock.pass(60_000);
    expect(processes).toHaveLength(1);
    await child.stop();
  });

  it('that cannot be started is a failure with the reason the first time, and tried again later', async () => {
    const clock = standingClock();
    const { order, processes, facts, latest } = sample();
    facts.startFails = true;
    await expect(supervise(order, clock).ready).rejects.toThrow(/no room left/);
    facts.startFails = false;
    const child = supervise(order, clock);
    await child.ready;
    facts.startFails = true;
    latest().end('SIGKILL');
    await clock.pass(600);
    expect(processes).toHaveLength(1);
    facts.startFails = false;
    await clock.pass(1_000);
    expect(processes).toHaveLength(2);
  });

  it('that is not ready in time is a failure with what it says', async () => {
    const clock = standingClock();
    const { order, facts } = sample();
    facts.isReady = false;
    const child = supervise(order, clock);
    await clock.pass(61_000);
    await expect(child.ready).rejects.toThrow('sample was not ready after 60 s: it sleeps');
  });

  it('is asked to end and started again when it says that it must be replaced', async () => {
    const clock = standingClock();
    const { order, processes, facts, latest } = sample();
    const child = supervise(order, clock);
    await child.ready;
    facts.replace = 'is shutting down';
    await clock.pass(600);
    expect(latest().asked).toBe(1);
    facts.replace = undefined;
    latest().end('exit code 0');
    await clock.pass(10);
    expect(processes).toHaveLength(2);
  });

  it('is asked once to stop, waited for, and not started again', async () => {
    const clock = standingClock();
    const { order, processes, latest } = sample();
    const child = supervise(order, clock);
    await child.ready;
    let isStopped = false;
    const stopped = child.stop().then(() => {
      isStopped = true;
    });
    await settle();
    expect([latest().asked, isStopped]).toEqual([1, false]);
    latest().end('exit code 0');
    await stopped;
    await clock.pass(60_000);
    expect(processes).toHaveLength(1);
  });

  it('that is stopped while it is being started is asked to end as soon as it is there', async () => {
    const { order, latest } = sample();
    const child = supervise(order, standingClock());
    const stopped = child.stop();
    await settle();
    expect(latest().asked).toBe(1);
    latest().end('exit code 0');
    await stopped;
  });

  it('is stopped while it waits, and killed while it runs', async () => {
    const clock = standingClock();
    const { order, processes, latest } = sample();
    const child = supervise(order, clock);
    await child.ready;
    child.kill();
    expect(latest().killed).toBe(1);
    latest().end('SIGKILL');
    await settle();
    await child.stop();
    await clock.pass(60_000);
    expect(processes).toHaveLength(1);
  });
});
