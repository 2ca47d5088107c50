import type { RunnerArguments } from './arguments.ts';
import type { CostMeter, GeneratorCost } from './generator-cost.ts';
import { runK6 } from './k6-run.ts';
import type { MetricStore } from './metrics/metric-store.ts';
import type { SummaryData } from './metrics/summary.ts';
import { OwnRun } from './own-run.ts';
import type { ProgressLine } from './progress.ts';
import { writeSummaryFiles } from './summary-files.ts';

/** What either engine gives. */
export interface EngineResult {
  readonly exitCode: number;
  /** Why it ended as it did, where that was not by the thresholds. */
  readonly reason?: string;
  readonly summary: SummaryData;
  readonly store: MetricStore;
  /** Known of the runner alone. */
  readonly cost: GeneratorCost | undefined;
  readonly scriptErrors: number;
}

export interface EngineOptions {
  readonly args: RunnerArguments;
  /** The bundled script. */
  readonly code: string;
  readonly summaryFile: string;
  readonly threadFile: string;
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
  readonly meter: CostMeter;
  readonly onStarted: () => void;
}

/** Runs a bundled script, with k6 where there is one, else with the runner. */
export function runEngine(options: EngineOptions): Promise<EngineResult> {
  return options.args.k6 === undefined ? runByRunner(options) : runByK6(options, options.args.k6);
}

async function runByK6({ args, code, summaryFile, signal, onStarted }: EngineOptions, program: string) {
  const { env, outFolder } = args;
  const result = await runK6({ program, code, env, outFolder, summaryFile, signal, onStarted });
  return { ...result, cost: undefined, scriptErrors: 0 };
}

async function runByRunner(options: EngineOptions): Promise<EngineResult> {
  const { args, code, threadFile, signal, progress, meter, onStarted } = options;
  const run = new OwnRun({
    threadFile,
    threads: args.threads,
    code,
    scriptFile: args.scriptFile,
    env: args.env,
    signal,
    log: (text) => progress.write(text),
    onIdle: () => meter.idle(),
    onStarted: () => {
      meter.start();
      onStarted();
    },
    onSecond: (now) => {
      meter.look();
      progress.show(now);
    },
    onEnded: () => meter.stop(),
  });
  const result = await run.run();
  progress.end();
  writeSummaryFiles(result.files ?? {});
  const { exitCode, reason, summary, store, scriptErrors } = result;
  return {
    exitCode,
    ...(reason === undefined ? {} : { reason }),
    summary,
    store,
    cost: meter.result(),
    scriptErrors,
  };
}
