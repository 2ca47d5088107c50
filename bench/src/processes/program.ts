import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext } from '../context.ts';

/** How long a process may take to stop when asked. */
const GRACE_MS = 15_000;
const EXIT_WITH_OWNER = new URL('../../../scripts/lib/exit-with-owner.mjs', import.meta.url).href;

export interface ProgramOptions {
  readonly context: BenchContext;
  readonly name: string;
  /** Node's arguments. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A server: profiled when profiles are wanted. */
  readonly isServer: boolean;
}

/** A Node process of the benchmark's own; disposing it stops it. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Ends it by a signal, as something that is meant to happen; resolves when it is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** SIGSTOP: it runs no more, and its connections stay; until `resume`. */
  suspend(): void;
  resume(): void;
}

/**
 * Starts a process that ends with this one, however this one ends. When it ends by itself the benchmark fails. What it
 * writes goes to standard error: standard output is for the result.
 */
export function startProgram(options: ProgramOptions): Program {
  const { context, name, isServer } = options;
  context.signal.throwIfAborted();
  // A folder each, because each thread of a process writes a file.
  const profile =
    isServer && context.profileFolder !== undefined
      ? ['--cpu-prof', `--cpu-prof-dir=${join(context.profileFolder, name)}`]
      : [];
  const child = spawn(process.execPath, [...profile, '--import', EXIT_WITH_OWNER, ...options.args], {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
  });
  let wanted = false;
  const ended = once(child, 'exit').catch((error: Error) => context.fail(error));
  child.on('exit', (code, signal) => {
    if (!wanted) context.fail(new Error(`${name} ended by itself (${signal ?? `exit code ${code}`})`));
  });
  if (child.pid === undefined) throw new Error(`${name} could not be started`);
  return {
    pid: child.pid,
    child,
    kill: async (signal) => {
      wanted = true;
      child.kill(signal);
      await ended;
    },
    suspend: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      wanted = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      // One that is suspended would not hear of it.
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(kill);
    },
  };
}

/**
 * Node's arguments that run one of the programs that `npm run build` makes, as `npm start` runs it.
 * @param dist where they are; those of this checkout unless given
 */
export function builtProgram(
  name: 'relay' | 'worker' | 'sync-node',
  dist = new URL('../../../dist/', import.meta.url),
): string[] {
  const file = (program: string): URL => new URL(`${program}.js`, dist);
  const preloaded = name === 'worker' ? ['--import', file('instrument').href] : [];
  return ['--enable-source-maps', ...preloaded, fileURLToPath(file(name))];
}

/** Node's arguments that make the clock of a program steppable. */
export function steppableClock(): string[] {
  return ['--import', new URL('./steppable-clock.mjs', import.meta.url).href];
}

/** Node's arguments that run a source file of the benchmark. */
export function sourceProgram(file: URL): string[] {
  return ['--import', import.meta.resolve('tsx'), fileURLToPath(file)];
}
