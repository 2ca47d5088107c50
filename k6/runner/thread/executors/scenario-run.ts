import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { emit } from '../../metrics/registry.ts';
import type { PlannedScenario } from '../../options/plan.ts';
import type { Vu } from '../vu.ts';
import type { VuPool } from '../vu-pool.ts';
import type { Segment } from './segment.ts';

/** Numbers that all threads share. */
export interface SharedCounts {
  /** The next one of the scenario, counted from zero. */
  readonly nextIteration: () => number;
}

interface ScenarioRunOptions {
  readonly scenario: PlannedScenario;
  readonly segment: Segment;
  readonly pool: VuPool;
  readonly counts: SharedCounts;
  /** How long it takes without its graceful stop; its progress is told from it. */
  readonly lastsMs: number;
}

/** A scenario that runs on this thread: lends VUs, runs iterations on them, and ends them when time is up. */
export class ScenarioRun {
  readonly scenario: PlannedScenario;
  readonly segment: Segment;
  readonly startedMs = performance.now();
  readonly #startedAtMs = Date.now();
  readonly #pool: VuPool;
  readonly #counts: SharedCounts;
  readonly #lastsMs: number;
  readonly #lent = new Set<Vu>();
  readonly #stop = new AbortController();

  constructor({ scenario, segment, pool, counts, lastsMs }: ScenarioRunOptions) {
    this.scenario = scenario;
    this.segment = segment;
    this.#pool = pool;
    this.#counts = counts;
    this.#lastsMs = lastsMs;
  }

  /** Nothing new may begin. */
  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  get elapsedMs(): number {
    return performance.now() - this.startedMs;
  }

  /** Waits, no longer than until nothing new may begin. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  nextIteration(): number {
    return this.#counts.nextIteration();
  }

  lend(): Vu {
    const vu = this.#pool.take();
    vu.activate({
      scenario: this.scenario,
      startedAtMs: this.#startedAtMs,
      progress: () => Math.min(1, this.elapsedMs / Math.max(1, this.#lastsMs)),
    });
    this.#lent.add(vu);
    this.#pool.host.counts.active += 1;
    return vu;
  }

  giveBack(vu: Vu): void {
    if (!this.#lent.delete(vu)) return;
    this.#pool.host.counts.active -= 1;
    this.#pool.giveBack(vu);
  }

  /** Runs one iteration. @param number of the scenario, across all threads */
  async iterate(vu: Vu, number: number): Promise<void> {
    const { host } = this.#pool;
    vu.iterationInTest = number;
    for (const prepare of vu.beforeIteration) prepare(vu.iterationsInTest);
    const startedMs = performance.now();
    const body = vu.exports[this.scenario.exec] as (data: unknown) => unknown;
    const outcome = await vu.run(() => body(vu.setupData()));
    if (outcome === 'interrupted') host.counts.interrupted += 1;
    else {
      host.counts.completed += 1;
      emit(host.builtIn.iterations, 1, vu.tags);
      emit(host.builtIn.iterationDuration, performance.now() - startedMs, vu.tags);
    }
    vu.iterationsInScenario += 1;
    vu.iterationsInTest += 1;
    // Iterations that wait for nothing must not keep timers and sockets from their turn.
    await turn();
  }

  /** Counts iterations that no VU was free for. */
  drop(): void {
    const { host } = this.#pool;
    emit(host.builtIn.droppedIterations, 1, { ...host.plan.options.tags, scenario: this.scenario.name });
  }

  /** Lets nothing new begin. */
  stop(): void {
    this.#stop.abort();
  }

  /** Ends what runs. */
  interrupt(): void {
    this.stop();
    for (const vu of this.#lent) vu.iteration?.interrupt();
  }
}
