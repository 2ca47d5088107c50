import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { Agent } from 'undici';
import { EXIT, RunError } from '../exit.ts';
import { defineBuiltIn, Registry } from '../metrics/registry.ts';
import { longestMs, makePlan, mostVus, type PlannedScenario } from '../options/plan.ts';
import { Checks } from './checks.ts';
import { runScenario } from './executors/run-scenario.ts';
import { ScenarioRun } from './executors/scenario-run.ts';
import { shareOf } from './executors/segment.ts';
import type { ThreadCallName, ThreadCalls, ThreadMessage, ThreadOptions, ThreadRequest } from './messages.ts';
import { Aborted } from './modules/execution.ts';
import { LoadScript } from './script.ts';
import type { ThreadHost } from './thread-host.ts';
import { Vu } from './vu.ts';
import { VuPool } from './vu-pool.ts';

const FLUSH_MS = 1_000;

type Handlers = {
  [Name in ThreadCallName]: (
    input: ThreadCalls[Name]['input'],
  ) => ThreadCalls[Name]['output'] | Promise<ThreadCalls[Name]['output']>;
};

/** The text of an error of the script, with the place in it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split('\n').find((line) => line.includes('.ts:') || line.includes('script.cjs:'));
  return place === undefined ? error.message : `${error.message} ${place.trim()}`;
}

/** One thread of a run: has a part of the VUs of every scenario. */
export class LoadThread {
  readonly #options: ThreadOptions;
  readonly #counts: Int32Array;
  readonly #host: ThreadHost;
  readonly #runs = new Set<ScenarioRun>();
  readonly #stop = new AbortController();
  #script: LoadScript | undefined;
  #pool: VuPool | undefined;
  /** The VU of `setup`, `teardown` and `handleSummary`. */
  #steward: Vu | undefined;
  #agent: Agent | undefined;
  #startedMs = 0;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#counts = new Int32Array(options.counts);
    const registry = new Registry();
    this.#host = {
      registry,
      builtIn: defineBuiltIn(registry),
      checks: new Checks(),
      scriptFolder: dirname(options.scriptFile),
      env: options.env,
      plan: makePlan({}, ['default']),
      setupJson: undefined,
      agent: () => {
        this.#agent ??= new Agent({
          keepAliveTimeout: 10_000,
          connect: { rejectUnauthorized: !this.#host.plan.options.insecureSkipTLSVerify },
        });
        return this.#agent;
      },
      sharedArrays: new Map(),
      openedFiles: new Map(),
      elapsedMs: () => (this.#startedMs === 0 ? 0 : performance.now() - this.#startedMs),
      counts: { active: 0, initialized: 0, completed: 0, interrupted: 0 },
      reportError: (error) => {
        if (!(error instanceof Aborted)) this.#say({ type: 'scriptError', text: describe(error) });
      },
      log: (level, text) => this.#say({ type: 'log', level, text }),
      abort: (reason) => this.#say({ type: 'abort', reason }),
      markFailed: (reason) => this.#say({ type: 'markedFailed', reason }),
    };
  }

  listen(): void {
    process.on('unhandledRejection', (error) => this.#host.reportError(error));
    parentPort?.on('message', (request: ThreadRequest) => void this.#answer(request));
  }

  #say(message: ThreadMessage): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, and no window
    parentPort?.postMessage(message);
  }

  async #answer({ id, name, input }: ThreadRequest): Promise<void> {
    try {
      const handle = this.#handlers[name] as (input: unknown) => unknown;
      this.#say({ type: 'reply', id, output: await handle(input) });
    } catch (error) {
      const exitCode = error instanceof RunError ? error.exitCode : EXIT.scriptException;
      this.#say({
        type: 'refusal',
        id,
        message: error instanceof RunError ? error.message : describe(error),
        exitCode,
      });
    }
  }

  readonly #handlers: Handlers = {
    load: () => {
      this.#script = new LoadScript(this.#options.code, this.#options.scriptFile);
      this.#steward = new Vu(0, this.#host);
      this.#steward.mayBlock = true;
      this.#script.instantiate(this.#steward);
      const { exports } = this.#steward;
      const functions = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
      return { options: JSON.parse(JSON.stringify(exports['options'] ?? {})) as unknown, functions };
    },
    prepare: (plan) => {
      if (!this.#script) throw new Error('the script is not loaded');
      this.#host.plan = plan;
      this.#host.registry.watch(plan.submetrics);
      this.#pool = new VuPool({
        host: this.#host,
        script: this.#script,
        nextId: () => Atomics.add(this.#counts, 0, 1) + 1,
      });
      const atOnce = plan.scenarios.filter(({ startTime }) => startTime === 0);
      this.#pool.fill(atOnce.reduce((sum, scenario) => sum + shareOf(mostVus(scenario), this.#options.segment), 0));
      return this.#host.registry.describe();
    },
    setup: async () => {
      const value = await this.#runExported('setup', EXIT.setupTimeout, this.#host.plan.options.setupTimeout);
      return value === undefined ? undefined : JSON.stringify(value);
    },
    run: async (setupJson) => {
      this.#host.setupJson = setupJson;
      this.#startedMs = performance.now();
      const flush = setInterval(() => this.#flush(), FLUSH_MS);
      try {
        const { scenarios } = this.#host.plan;
        await Promise.all(scenarios.map((scenario, place) => this.#runScenario(scenario, place)));
      } finally {
        clearInterval(flush);
        this.#flush();
      }
      return null;
    },
    stop: () => {
      this.#stop.abort();
      for (const run of this.#runs) run.interrupt();
      return null;
    },
    teardown: async () => {
      await this.#runExported('teardown', EXIT.teardownTimeout, this.#host.plan.options.teardownTimeout);
      this.#flush();
      return null;
    },
    summarize: (data) => {
      const summarize = this.#steward?.exports['handleSummary'];
      if (typeof summarize !== 'function') return null;
      return (summarize(data) ?? {}) as Record<string, string | ArrayBuffer>;
    },
  };

  /** Runs `setup` or `teardown`, where the script has it. */
  async #runExported(name: 'setup' | 'teardown', exitCode: number, limitMs: number): Promise<unknown> {
    const vu = this.#steward;
    const body = vu?.exports[name];
    if (!vu || typeof body !== 'function') return undefined;
    vu.group = `::${name}`;
    vu.refreshTags();
    let value: unknown;
    let thrown: unknown;
    const limit = setTimeout(() => vu.iteration?.interrupt(), limitMs);
    const outcome = await vu.run(async () => {
      try {
        value = await (name === 'setup' ? body() : body(vu.setupData()));
      } catch (error) {
        thrown = error;
      }
    });
    clearTimeout(limit);
    if (thrown !== undefined) throw new RunError(`${name}: ${describe(thrown)}`, EXIT.scriptException);
    if (outcome === 'failed') throw new RunError(`${name} failed`, EXIT.scriptException);
    if (outcome === 'interrupted') throw new RunError(`${name} took longer than ${limitMs / 1_000} s`, exitCode);
    return value;
  }

  async #runScenario(scenario: PlannedScenario, place: number): Promise<void> {
    if (!this.#pool) throw new Error('the VUs are not there');
    const { signal } = this.#stop;
    await sleep(scenario.startTime, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const lastsMs = longestMs(scenario);
    const run = new ScenarioRun({
      scenario,
      segment: this.#options.segment,
      pool: this.#pool,
      counts: { nextIteration: () => Atomics.add(this.#counts, place + 1, 1) },
      lastsMs,
    });
    this.#runs.add(run);
    await runScenario(run, lastsMs);
    this.#runs.delete(run);
  }

  #flush(): void {
    const { active, initialized, interrupted } = this.#host.counts;
    this.#say({
      type: 'samples',
      second: Math.floor(this.#host.elapsedMs() / 1_000),
      metrics: this.#host.registry.take(),
      checks: this.#host.checks.take(),
      vusActive: active,
      vusInitialized: initialized,
      iterationsInterrupted: interrupted,
    });
  }
}
