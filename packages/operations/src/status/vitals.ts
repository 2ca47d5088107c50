import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How a process does that any process can say of itself. */
export interface Vitals {
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  /** Share of one core, since it was asked last. */
  readonly cpu: number;
  /** 99th percentile, since it was asked last. */
  readonly eventLoopDelayMs: number;
}

/** A timer this far apart costs an idle process next to nothing; it hears of what keeps others waiting for longer than that. */
const RESOLUTION_MS = 50;
const NANOSECONDS = 1e6;

/** Measures this process from now on. `memoryLimitBytes`: what it may have, where that is not what its group or machine has. */
export function watchVitals(memoryLimitBytes: number | undefined): Disposable & { take(): Vitals } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let used = process.cpuUsage();
  let takenAt = performance.now();
  return {
    take: () => {
      const now = performance.now();
      const { user, system } = process.cpuUsage(used);
      const cpu = (user + system) / 1_000 / Math.max(1, now - takenAt);
      // What is counted is from one call of the timer to the next.
      const eventLoopDelayMs = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / NANOSECONDS - RESOLUTION_MS);
      delay.reset();
      used = process.cpuUsage();
      takenAt = now;
      const memoryBytes = process.memoryUsage.rss();
      return { memoryBytes, memoryLimitBytes: memoryLimitBytes ?? ownLimit(), cpu, eventLoopDelayMs };
    },
    [Symbol.dispose]: () => {
      delay.disable();
    },
  };
}

/** What the control group allows, or the machine has. */
function ownLimit(): number {
  const machine = totalmem();
  const group = process.constrainedMemory();
  return group > 0 && group < machine ? group : machine;
}
