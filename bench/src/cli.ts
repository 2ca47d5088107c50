import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ResourceStack } from '@meldesync/lifecycle';
import { runSql } from '@meldesync/testkit';
import { DIST } from '../../scripts/lib/paths.mjs';
import type { BenchContext } from './context.ts';
import { formatTable, round } from './measure/table.ts';
import { type Meldesync, startMeldesync } from './systems/meldesync.ts';

/** Defaults of the options. */
export const CLI_OPTIONS = { records: 100_000, rounds: 5 };

/** As it is installed: without the source maps that servers are run with. */
const PROGRAM = join(DIST, 'cli.js');
/** What one record may take. */
const TARGET = { seconds: 0.5, mb: 120 };
/** Writes at its end the most memory that the process ever had, in KiB, where nothing else is written. */
const MEMORY_FD = 3;
const TELL_MEMORY = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(${MEMORY_FD},String(process.resourceUsage().maxRSS)))`;

/** One run of the program. */
interface Run {
  readonly seconds: number;
  readonly mb: number;
  readonly bytes: number;
}

/**
 * Measures what a command of the terminal costs whoever types it, with the start of Node.js, in a workspace of many records.
 * @returns whether one record is shown and edited within the target
 */
export async function runCli(context: BenchContext, { records, rounds }: typeof CLI_OPTIONS): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step(`Starting a MeldeSync with ${records} records`);
  const system = stack.use(await startMeldesync(context, { records }));
  const home = await mkdtemp(join(tmpdir(), 'meldesync-bench-cli-'));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const [record = 0] = system.records.slice(Math.floor(records / 2));
  await nameCase(system, record);
  const run = (...args: string[]) => runCommand(context, system, home, args);
  await run('show', CASE);

  context.step('Measuring', 'trial');
  const show = await worst(rounds, () => run('show', CASE));
  const edit = await worst(rounds, (round) => run('edit', CASE, '--note', `Runde ${round}`));
  const lock = await worst(rounds, () => run('lock', CASE, '--', 'true'));
  const list = await worst(1, () => run('list', '--json'));
  const rows = { show, edit, lock, list };
  console.log(
    formatTable([
      ['slowest of the rounds', 'seconds', 'MB', 'bytes written'],
      ...Object.entries(rows).map(([name, { seconds, mb, bytes }]) => [
        name,
        String(seconds),
        String(mb),
        String(bytes),
      ]),
    ]),
  );
  const figures = Object.fromEntries(
    Object.entries(rows).flatMap(([name, { seconds, mb }]) => [
      [`${name}Seconds`, seconds],
      [`${name}Mb`, mb],
    ]),
  );
  console.log(JSON.stringify({ benchmark: 'cli', records, rounds, ...figures }));
  return [show, edit].every(({ seconds, mb }) => seconds <= TARGET.seconds && mb <= TARGET.mb);
}

const CASE = 'F-10234';

/** Sample records have no case id. */
async function nameCase({ ownerUrl }: Meldesync, record: number): Promise<void> {
  await runSql(ownerUrl, 'update records set case_id = $1 where id = $2', [CASE, record]);
}

/** The largest of each over some rounds. */
async function worst(rounds: number, measure: (round: number) => Promise<Run>): Promise<Run> {
  const runs: Run[] = [];
  for (let at = 1; at <= rounds; at++) runs.push(await measure(at));
  const most = (pick: (run: Run) => number) => Math.max(...runs.map(pick));
  return {
    seconds: round(most((run) => run.seconds)),
    mb: round(most((run) => run.mb)),
    bytes: most((run) => run.bytes),
  };
}

async function runCommand(
  { signal }: BenchContext,
  { urls, people, workspace }: Meldesync,
  home: string,
  args: readonly string[],
): Promise<Run> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--import', TELL_MEMORY, PROGRAM, ...args], {
    env: {
      PATH: process.env['PATH'],
      XDG_CONFIG_HOME: home,
      MELDESYNC_SERVER: urls[0],
      MELDESYNC_TOKEN: people[0]?.token,
      MELDESYNC_WORKSPACE: workspace,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    signal,
  });
  let bytes = 0;
  const { stdout, stderr, stdio } = child;
  const memory = stdio[MEMORY_FD];
  if (stdout === null || stderr === null || !(memory instanceof Readable)) throw new Error('a pipe is missing');
  stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const [errors, kibibytes, [exitCode]] = await Promise.all([
    text(stderr),
    text(memory),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  const seconds = (performance.now() - startedMs) / 1_000;
  if (exitCode !== 0) throw new Error(`meldesync ${args[0]} ended with ${exitCode}: ${errors}`);
  return { seconds, mb: Number(kibibytes) / 1_024, bytes };
}
