import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildLoadRunner } from '../../scripts/lib/load-runner.mjs';
import type { SummaryData } from '../runner/metrics/summary.ts';

export interface RanScript {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Its line of JSON; empty where it had none. */
  readonly verdict: Readonly<Record<string, unknown>>;
  /** Undefined where it had none. */
  readonly summary: SummaryData | undefined;
  readonly report: string;
  readonly folder: string;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Called with what was written to standard error so far. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Runs a script as `npm run load` does, in a folder that is gone afterwards. */
export async function runScript<Result>(
  script: string,
  options: RunOptions,
  use: (ran: RanScript) => Result | Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-k6-'));
  try {
    const file = join(folder, 'script.ts');
    writeFileSync(file, script);
    const env = Object.entries({ FOLDER: folder, ...options.env }).flatMap(([name, value]) => [
      '-e',
      `${name}=${value}`,
    ]);
    const program = await buildLoadRunner();
    const child = spawn(
      process.execPath,
      [program, file, '--out', folder, '--title', 'test', ...(options.args ?? []), ...env],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onOutput?.(stderr, (signal) => child.kill(signal));
    });
    const exitCode = await new Promise<number>((resolve) => {
      child.on('close', (code) => resolve(code ?? -1));
    });
    const summary = readIfThere(join(folder, 'summary.json'));
    const last = stdout.trimEnd().split('\n').at(-1) ?? '';
    return await use({
      exitCode,
      stdout,
      stderr,
      verdict: last.startsWith('{') ? (JSON.parse(last) as Record<string, unknown>) : {},
      summary: summary === '' ? undefined : (JSON.parse(summary) as SummaryData),
      report: readIfThere(join(folder, 'report.html')),
      folder,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
