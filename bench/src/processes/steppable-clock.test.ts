import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { expect, it } from 'vitest';
import { steppableClock } from './program.ts';

const HOUR_MS = 3_600_000;
/** Says the wall clock in all its forms whenever it is asked by a line. */
const TELL = `process.stdin.on('data', () => console.log(Date.now(), new Date().getTime(), new Date(5).getTime()))`;

it('the clock of a program steps an hour and back, also to the other side', async () => {
  const child = spawn(process.execPath, [...steppableClock(), '-e', TELL], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const hoursAhead = async (): Promise<number[]> => {
    child.stdin.write('?\n');
    const { value } = (await lines.next()) as { value: string };
    const [now = 0, made = 0, given = 0] = value.split(' ').map(Number);
    expect(given).toBe(5);
    return [now, made].map((ms) => Math.round((ms - Date.now()) / HOUR_MS) + 0);
  };
  try {
    expect(await hoursAhead()).toEqual([0, 0]);
    for (const [signal, hours] of [
      ['SIGUSR2', 1],
      ['SIGUSR2', 0],
      ['SIGURG', -1],
      ['SIGURG', 0],
    ] as const) {
      child.kill(signal);
      // A signal and a line come by different ways: the line is asked for again until the signal is there.
      while ((await hoursAhead())[0] !== hours);
      expect(await hoursAhead()).toEqual([hours, hours]);
    }
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
