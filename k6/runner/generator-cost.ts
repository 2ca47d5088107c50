import { availableParallelism } from 'node:os';

/** What making the load cost the machine that makes it. */
export interface GeneratorCost {
  /** Share of all cores over the run. */
  readonly shareOfCores: number;
  readonly cores: number;
  readonly cpuSeconds: number;
  /** Memory with threads and script loaded, before there was a VU. */
  readonly idleBytes: number;
  /** What was used beyond that for half of the time. */
  readonly aboveIdleBytes: number;
  /** The most that was used beyond that. */
  readonly peakBytes: number;
}

/** Measures this process. */
export class CostMeter {
  #idleBytes = 0;
  readonly #looks: number[] = [];
  #startedMs = 0;
  #startedCpu: NodeJS.CpuUsage | undefined;
  #cpuSeconds = 0;
  #wallSeconds = 0;

  /** Everything is loaded, and nobody there. */
  idle(): void {
    this.#idleBytes = process.memoryUsage.rss();
  }

  start(): void {
    this.#startedMs = performance.now();
    this.#startedCpu = process.cpuUsage();
  }

  look(): void {
    this.#looks.push(process.memoryUsage.rss() - this.#idleBytes);
  }

  stop(): void {
    this.look();
    const { user, system } = process.cpuUsage(this.#startedCpu);
    this.#cpuSeconds = (user + system) / 1_000_000;
    this.#wallSeconds = (performance.now() - this.#startedMs) / 1_000;
  }

  result(): GeneratorCost {
    const cores = availableParallelism();
    const looks = this.#looks.toSorted((a, b) => a - b);
    return {
      shareOfCores: this.#cpuSeconds / (this.#wallSeconds * cores),
      cores,
      cpuSeconds: this.#cpuSeconds,
      idleBytes: this.#idleBytes,
      aboveIdleBytes: looks[Math.floor(looks.length / 2)] ?? 0,
      peakBytes: looks.at(-1) ?? 0,
    };
  }
}
