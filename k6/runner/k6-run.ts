import { spawn } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EXIT, RunError } from './exit.ts';
import { MetricStore } from './metrics/metric-store.ts';
import type { MetricType } from './metrics/sink.ts';
import type { SummaryData } from './metrics/summary.ts';

interface K6RunOptions {
  readonly program: string;
  /** The bundled script. */
  readonly code: string;
  readonly env: Readonly<Record<string, string>>;
  readonly outFolder: string;
  readonly summaryFile: string;
  readonly signal: AbortSignal;
  readonly onStarted: () => void;
}

/** A line of `k6 run --out json=…`. */
type OutputLine =
  | {
      readonly type: 'Metric';
      readonly metric: string;
      readonly data: { readonly type: MetricType; readonly contains: string };
    }
  | {
      readonly type: 'Point';
      readonly metric: string;
      readonly data: { readonly time: string; readonly value: number };
    };

/** Runs a script with k6 itself, and reads back what came of it. */
export async function runK6(options: K6RunOptions) {
  const { program, code, env, outFolder, summaryFile, signal, onStarted } = options;
  const scriptFile = join(outFolder, 'script.cjs');
  const pointsFile = join(outFolder, 'points.json');
  writeFileSync(scriptFile, code);
  const environment = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const child = spawn(
    program,
    ['run', '--no-usage-report', '--out', `json=${pointsFile}`, ...environment, scriptFile],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const interrupt = () => void child.kill('SIGINT');
  signal.addEventListener('abort', interrupt);
  onStarted();
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new RunError(`${program} cannot be started: ${error.message}`, EXIT.failed)));
    child.once('close', (status) => resolve(status ?? EXIT.failed));
  });
  signal.removeEventListener('abort', interrupt);
  if (!existsSync(summaryFile))
    throw new RunError(`${program} left no summary (exit code ${exitCode})`, exitCode || EXIT.failed);
  const summary = JSON.parse(readFileSync(summaryFile, 'utf8')) as SummaryData;
  const store = await readPoints(pointsFile);
  for (const file of [pointsFile, scriptFile]) rmSync(file, { force: true });
  return { exitCode, summary, store };
}

/** The values of a run by the second. */
async function readPoints(file: string): Promise<MetricStore> {
  const store = new MetricStore();
  let startedMs: number | undefined;
  if (!existsSync(file)) return store;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const line = JSON.parse(text) as OutputLine;
    if (line.type === 'Metric') {
      const { contains, type } = line.data;
      store.define(line.metric, { type, contains: contains === 'time' || contains === 'data' ? contains : 'default' });
      continue;
    }
    const atMs = Date.parse(line.data.time);
    startedMs ??= atMs;
    store.add(Math.max(0, Math.floor((atMs - startedMs) / 1_000)), line.metric, line.data.value);
  }
  return store;
}
