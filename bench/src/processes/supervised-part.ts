import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@meldesync/testkit';
import type { BenchContext } from '../context.ts';
import { PATIENCE_MS } from '../poll.ts';
import type { Program } from './program.ts';

/** A server process that is started again whenever it ends by itself, as an operator's supervisor does. */
export interface SupervisedPart extends AsyncDisposable {
  readonly name: string;
  /** Origin of its metrics and of its answer to whether it is ready. */
  readonly adminUrl: string;
  /** How often it ended though nobody had asked for it. */
  readonly ends: number;
  readonly pid: number;
  /** Ends it; it stays away until `start`. Resolves with whether it was there, and this ended it. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<boolean>;
  start(): void;
  /** SIGSTOP: it runs no more, and its connections stay; until `resume`. */
  suspend(): void;
  resume(): void;
  /**
   * Puts its wall clock an hour forward or back, or, again, to what it was (`steppable-clock.mjs`).
   * @returns whether it was there to be told
   */
  stepClock(way: 'forward' | 'back'): boolean;
  /** Resolves when it says that it is ready. */
  ready(): Promise<void>;
}

const RESTART_AFTER_MS = 1_000;

export interface SupervisedPartOptions {
  readonly name: string;
  readonly adminUrl: string;
  readonly context: BenchContext;
  /** Starts the process; what it is given hears of its end. */
  readonly run: (context: BenchContext) => Program;
}

/** Starts the process of a part. */
export function superviseProgram({ name, adminUrl, context, run }: SupervisedPartOptions): SupervisedPart {
  let ends = 0;
  let isOver = false;
  const endedByItself = async (): Promise<void> => {
    ends += 1;
    await sleep(RESTART_AFTER_MS);
    if (!isOver && !context.signal.aborted) program = run(own);
  };
  const own: BenchContext = { ...context, fail: () => void endedByItself() };
  let program = run(own);
  return {
    name,
    adminUrl,
    get ends() {
      return ends;
    },
    get pid() {
      return program.pid;
    },
    kill: async (signal) => {
      const wasThere = isRunning(program);
      await program.kill(signal);
      return wasThere && program.child.signalCode === signal;
    },
    start: () => {
      program = run(own);
    },
    suspend: () => program.suspend(),
    resume: () => program.resume(),
    stepClock: (way) => isRunning(program) && program.child.kill(way === 'forward' ? 'SIGUSR2' : 'SIGURG'),
    ready: () =>
      eventually(async () => {
        context.signal.throwIfAborted();
        if (!(await fetch(`${adminUrl}/readyz`)).ok) throw new Error(`${name} is not ready`);
      }, PATIENCE_MS),
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      await program[Symbol.asyncDispose]();
    },
  };
}

function isRunning({ child }: Program): boolean {
  return child.exitCode === null && child.signalCode === null;
}
