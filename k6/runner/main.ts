import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from './arguments.ts';
import { bundleScript } from './bundle-script.ts';
import { runEngine } from './engine.ts';
import { EXIT, RunError } from './exit.ts';
import { CostMeter } from './generator-cost.ts';
import { ProgressLine } from './progress.ts';
import { makeReport } from './report/report.ts';
import { verdictJson, verdictLines } from './verdict.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
// Whoever started it is gone.
process.on('disconnect', () => interrupted.abort());

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  mkdirSync(args.outFolder, { recursive: true });
  const summaryFile = join(args.outFolder, 'summary.json');
  const engine = args.k6 === undefined ? 'k6-runner' : 'k6';
  const result = await runEngine({
    args,
    code: await bundleScript(args.scriptFile, summaryFile),
    summaryFile,
    threadFile: join(import.meta.dirname, 'thread.js'),
    signal: interrupted.signal,
    progress: new ProgressLine(process.stderr),
    meter: new CostMeter(),
    onStarted: () => process.send?.({ type: 'started' }),
  });
  const series = result.store.series();
  writeFileSync(join(args.outFolder, 'report.html'), makeReport({ title: args.title, engine, result, series }));
  process.stdout.write(
    `${[...verdictLines(result), verdictJson(args.title, engine, args.outFolder, result)].join('\n')}\n`,
  );
  return result.exitCode;
}

try {
  process.exitCode = await main();
} catch (error) {
  const text = error instanceof RunError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`error ${text}\n`);
  process.exitCode = error instanceof RunError ? error.exitCode : EXIT.failed;
}
if (process.connected) process.disconnect();
