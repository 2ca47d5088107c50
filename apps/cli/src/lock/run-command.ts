import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { systemCode } from '../system-code.ts';

/** A program that runs with our input and output. */
export interface RunningCommand {
  /** Its exit code, 128 and the number of the signal that ended it. Rejects when it could not be started. */
  readonly ended: Promise<number>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program. `ended` rejects with `commandNotFound` or `commandNotRunnable`. */
export function startCommand(command: readonly string[], env: NodeJS.ProcessEnv): RunningCommand {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: 'inherit', env });
  return {
    ended: endOf(child, file),
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

function endOf(child: ChildProcess, file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      const isMissing = systemCode(error) === 'ENOENT';
      reject(new CliError(isMissing ? 'commandNotFound' : 'commandNotRunnable', { command: file }, { cause: error }));
    });
    child.once('exit', (code, signal) => {
      resolve(code ?? (signal === null ? EXIT.failure : 128 + constants.signals[signal]));
    });
  });
}
