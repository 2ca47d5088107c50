import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { VERSION } from './version.ts';

const RUN_PROCESS = fileURLToPath(new URL('./run-process.ts', import.meta.url));
const SUPPORTED_VERSIONS = fileURLToPath(new URL('./supported-versions.ts', import.meta.url));

/** Runs a program whose service does what is said, and sees it to its end. */
async function run(
  service: string,
  ...args: string[]
): Promise<{ readonly status: number | null; readonly lines: string[] }> {
  const program = `
    import { runProcess } from ${JSON.stringify(RUN_PROCESS)};
    import { requireVersion } from ${JSON.stringify(SUPPORTED_VERSIONS)};
    const event = (name, { err, reason }) => console.log([name, reason ?? err?.message].filter(Boolean).join(': '));
    const switchDebug = () => console.log('debug');
    const dispose = async () => console.log('stopped');
    const start = async () => { ${service} return { [Symbol.asyncDispose]: dispose }; };
    await runProcess(() => ({}), start, () => ({ event, switchDebug }));`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, '--', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const status = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { status, lines: output.trim().split('\n') };
}

/** Keeps the process until a signal that it sends itself. */
const ENDS_BY_SIGNAL = `setTimeout(() => process.kill(process.pid, 'SIGTERM'), 100); setInterval(() => 0, 1_000);`;

it('R5.3 a rejection that nobody handles is logged, and the process goes on', async () => {
  const { status, lines } = await run(`void Promise.reject(new Error('forgotten')); ${ENDS_BY_SIGNAL}`);
  expect(lines).toEqual(['promise-failed: forgotten', 'stopped']);
  expect(status).toBe(0);
});

it('R5.3 an exception that nobody catches is logged and ends the process in order, with a status of its own', async () => {
  const { status, lines } = await run(
    `setTimeout(() => { throw new Error('cut off'); }); setInterval(() => 0, 1_000);`,
  );
  expect(lines).toEqual(['exception-uncaught: cut off', 'stopped']);
  expect(status).toBe(70);
});

it('a second exception while it stops is logged, and the stop goes on', async () => {
  const { status, lines } = await run(
    `setTimeout(() => { process.nextTick(() => { throw new Error('second'); }); throw new Error('first'); }); setInterval(() => 0, 1_000);`,
  );
  expect(lines.filter((line) => line.startsWith('exception-uncaught'))).toHaveLength(2);
  expect(lines.filter((line) => line === 'stopped')).toHaveLength(1);
  expect(status).toBe(70);
});

it('a service that cannot start is logged too', async () => {
  const { status, lines } = await run(`throw new Error('port taken');`);
  expect(lines).toEqual(['start-failed: port taken']);
  expect(status).toBe(1);
});

it('a server that is not supported is said in one line, as a setting that is wrong', async () => {
  const { status, lines } = await run(`requireVersion('PostgreSQL', '9.6', 'db:5432');`);
  expect(lines).toEqual([
    expect.stringMatching(/^start-refused: PostgreSQL at db:5432 is 9\.6, and MeldeSync needs \d+ or newer$/),
  ]);
  expect(status).toBe(78);
});

it('says its version when asked, before it reads a setting', async () => {
  const { status, lines } = await run(`throw new Error('started');`, '--version');
  expect(lines).toEqual([VERSION]);
  expect(status).toBe(0);
});
