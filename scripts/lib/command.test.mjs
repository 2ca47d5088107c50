import { expect, it } from 'vitest';
import { run } from './command.mjs';

const FOR_EVER = ['-e', 'setInterval(() => {}, 1000)'];

it('ends a command that takes too long, and says so', async () => {
  await expect(run('Waiting', process.execPath, FOR_EVER, { timeoutMs: 100 })).rejects.toThrow(
    /^Waiting failed \(.* ended with SIGKILL, after 100 ms\)/,
  );
});

it('gives what a command wrote, within its time', async () => {
  expect(await run('Saying', process.execPath, ['-e', 'console.log(1)'], { timeoutMs: 60_000 })).toBe('1\n');
});
