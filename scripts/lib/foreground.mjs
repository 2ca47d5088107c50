import { spawn } from 'node:child_process';

/**
 * Runs a command that has the terminal to itself, and is asked to end when everything stops.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {string} name
 * @param {string[]} program Node's arguments
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>} its exit code
 */
export function runInForeground(stack, name, program, environment) {
  const child = spawn(process.execPath, program, { env: environment, stdio: 'inherit' });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
  stack.push({
    name,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
    kill: () => void child.kill('SIGKILL'),
  });
  return ended;
}
