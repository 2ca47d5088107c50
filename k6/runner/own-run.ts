import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, RunError } from './exit.ts';
import { MetricStore } from './metrics/metric-store.ts';
import { makeSummary, type SummaryData } from './metrics/summary.ts';
import { judge, requireFitting } from './metrics/threshold.ts';
import { makePlan, type Plan } from './options/plan.ts';
import type { CheckCount } from './thread/checks.ts';
import { MOST_SCENARIOS, type SummaryFiles } from './thread/messages.ts';
import { ThreadLink, type ThreadReport } from './thread-link.ts';

/** How often thresholds that may abort the run are looked at. */
const JUDGE_EVERY_MS = 2_000;
/** How many different errors of a script are printed. */
const MOST_ERRORS_SHOWN = 10;

export interface OwnRunOptions {
  /** The program of a thread. */
  readonly threadFile: string;
  readonly threads: number;
  /** The bundled script. */
  readonly code: string;
  readonly scriptFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends the run before its time. */
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
  /** Threads and script are loaded, and no VU is there yet. */
  readonly onIdle?: () => void;
  readonly onStarted?: () => void;
  /** All scenarios are over. */
  readonly onEnded?: () => void;
  /** Once a second. */
  readonly onSecond?: (progress: Progress) => void;
}

export interface Progress {
  readonly elapsedMs: number;
  readonly vusActive: number;
  readonly store: MetricStore;
}

export interface OwnRunResult {
  readonly exitCode: number;
  /** Why it ended as it did, where that was not by the thresholds. */
  readonly reason?: string;
  readonly summary: SummaryData;
  readonly store: MetricStore;
  /** What the script's `handleSummary` gave. */
  readonly files: SummaryFiles | undefined;
  readonly scriptErrors: number;
}

interface Ending {
  readonly exitCode: number;
  readonly reason: string;
}

/** Runs a script on threads of this process, from loading it to its summary. */
export class OwnRun {
  readonly #options: OwnRunOptions;
  readonly #store = new MetricStore();
  readonly #checks = new Map<string, CheckCount>();
  readonly #vus: { active: number; initialized: number }[] = [];
  readonly #errors = new Map<string, number>();
  readonly #threads: ThreadLink[] = [];
  #ending: Ending | undefined;
  /** The script says that the run failed, and lets it go on. */
  #marked: Ending | undefined;
  #startedMs = 0;

  constructor(options: OwnRunOptions) {
    this.#options = options;
  }

  async run(): Promise<OwnRunResult> {
    try {
      const counts = new SharedArrayBuffer((MOST_SCENARIOS + 1) * Int32Array.BYTES_PER_ELEMENT);
      const { threadFile, threads: count, code, scriptFile, env } = this.#options;
      for (let index = 0; index < count; index += 1) {
        const options = { code, scriptFile, env, segment: { index, count }, counts };
        this.#threads.push(new ThreadLink(threadFile, options, (report) => this.#hear(report, index)));
      }
      return await this.#runLoaded();
    } finally {
      await Promise.all(this.#threads.map((thread) => thread.end()));
    }
  }

  async #runLoaded(): Promise<OwnRunResult> {
    const [steward] = this.#threads;
    if (!steward) throw new Error('a run needs a thread');
    const [loaded] = await Promise.all(this.#threads.map((thread) => thread.call('load', null)));
    const plan = makePlan(loaded?.options, loaded?.functions ?? []);
    this.#options.onIdle?.();
    const [metrics = []] = await Promise.all(this.#threads.map((thread) => thread.call('prepare', plan)));
    for (const metric of metrics) this.#store.define(metric.name, metric);
    for (const { key, metric } of plan.submetrics) {
      const whole = metrics.find(({ name }) => name === metric);
      if (whole) this.#store.define(key, whole);
    }
    for (const threshold of plan.thresholds) requireFitting(threshold, this.#store.total(threshold.key));

    const setupJson = await steward.call('setup', null);
    await this.#runScenarios(plan, setupJson);
    const durationMs = performance.now() - this.#startedMs;
    this.#options.onEnded?.();
    await steward.call('teardown', null).catch((error: unknown) => this.#end(error));
    const summary = makeSummary({
      store: this.#store,
      thresholds: plan.thresholds,
      checks: this.#checks,
      trendStats: plan.options.summaryTrendStats,
      durationMs,
      setupData: setupJson === undefined ? undefined : JSON.parse(setupJson),
    });
    const files = (await steward.call('summarize', summary)) ?? undefined;
    const scriptErrors = [...this.#errors.values()].reduce((sum, times) => sum + times, 0);
    const missed = Object.values(summary.metrics).some(({ thresholds }) =>
      Object.values(thresholds ?? {}).some(({ ok }) => !ok),
    );
    const ending = this.#ending ?? this.#marked;
    return {
      exitCode: ending?.exitCode ?? (missed ? EXIT.thresholdsMissed : EXIT.held),
      ...(ending ? { reason: ending.reason } : {}),
      summary,
      store: this.#store,
      files,
      scriptErrors,
    };
  }

  async #runScenarios(plan: Plan, setupJson: string | undefined): Promise<void> {
    this.#startedMs = performance.now();
    this.#options.onStarted?.();
    const seconds = setInterval(() => this.#tick(), 1_000);
    const judging = setInterval(() => this.#judge(plan), JUDGE_EVERY_MS);
    const interrupt = () => this.#stop({ exitCode: EXIT.interrupted, reason: 'it was interrupted' });
    this.#options.signal.addEventListener('abort', interrupt);
    if (this.#options.signal.aborted) interrupt();
    try {
      await Promise.all(this.#threads.map((thread) => thread.call('run', setupJson)));
    } finally {
      clearInterval(seconds);
      clearInterval(judging);
      this.#options.signal.removeEventListener('abort', interrupt);
    }
    // The reports that the threads sent last come before their answers: all is in.
    await sleep(0);
  }

  #tick(): void {
    const elapsedMs = performance.now() - this.#startedMs;
    const second = Math.floor(elapsedMs / 1_000);
    const active = this.#vus.reduce((sum, vus) => sum + vus.active, 0);
    this.#store.add(second, 'vus', active);
    this.#store.add(
      second,
      'vus_max',
      this.#vus.reduce((sum, vus) => sum + vus.initialized, 0),
    );
    this.#store.closeBefore(second);
    this.#options.onSecond?.({ elapsedMs, vusActive: active, store: this.#store });
  }

  #judge({ thresholds }: Plan): void {
    const elapsedMs = performance.now() - this.#startedMs;
    for (const threshold of thresholds) {
      const sink = this.#store.total(threshold.key);
      if (!threshold.abortOnFail || elapsedMs < threshold.delayAbortEvalMs || !sink || sink.samples === 0) continue;
      if (judge(threshold, sink, elapsedMs / 1_000).ok) continue;
      const reason = `the threshold ${threshold.key}: ${threshold.source} was missed`;
      this.#stop({ exitCode: EXIT.thresholdsMissed, reason });
    }
  }

  /** Ends all scenarios before their time. The first reason counts. */
  #stop(ending: Ending): void {
    if (this.#ending) return;
    this.#ending = ending;
    for (const thread of this.#threads) void thread.call('stop', null).catch(() => undefined);
  }

  #end(error: unknown): void {
    const exitCode = error instanceof RunError ? error.exitCode : EXIT.failed;
    this.#ending ??= { exitCode, reason: error instanceof Error ? error.message : String(error) };
  }

  #hear(report: ThreadReport, index: number): void {
    switch (report.type) {
      case 'samples':
        for (const [key, state] of Object.entries(report.metrics)) this.#store.merge(report.second, key, state);
        for (const [path, { passes, fails }] of Object.entries(report.checks)) {
          const known = this.#checks.get(path) ?? { passes: 0, fails: 0 };
          this.#checks.set(path, { passes: known.passes + passes, fails: known.fails + fails });
        }
        this.#vus[index] = { active: report.vusActive, initialized: report.vusInitialized };
        return;
      case 'log':
        this.#options.log(report.text);
        return;
      case 'scriptError':
        this.#countError(report.text);
        return;
      case 'abort':
        this.#stop({ exitCode: EXIT.scriptAborted, reason: report.reason });
        return;
      case 'markedFailed':
        this.#marked ??= { exitCode: EXIT.markedAsFailed, reason: report.reason };
    }
  }

  #countError(text: string): void {
    const times = (this.#errors.get(text) ?? 0) + 1;
    if (this.#errors.size < MOST_ERRORS_SHOWN || times > 1) this.#errors.set(text, times);
    else this.#errors.set('others', (this.#errors.get('others') ?? 0) + 1);
    if (times === 1 && this.#errors.size <= MOST_ERRORS_SHOWN) this.#options.log(`error of the script: ${text}`);
  }
}
