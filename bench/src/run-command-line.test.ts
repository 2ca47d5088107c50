import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from './verdict.ts';

interface Ended {
  readonly code: number;
  readonly lastLine: unknown;
  readonly errors: string;
}

/** Runs a program with the commands given as source code, as its own process. */
function run(commands: string, name: string): Promise<Ended> {
  const program = `import { runCommandLine } from ${JSON.stringify(new URL('./run-command-line.ts', import.meta.url).href)};
    await runCommandLine({ kind: 'drill', usage: 'usage', commands: ${commands} });`;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', program, '--', name];
  return new Promise((resolve) => {
    // As with a file, the first argument is the program.
    execFile(process.execPath, [...args.slice(0, -1), 'program', name], (error, stdout, errors) => {
      const lines = stdout.trim().split('\n');
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, lastLine: JSON.parse(lines.at(-1) || 'null'), errors });
    });
  });
}

describe('a run says how it ended', () => {
  it('0 when all held, 1 when the system fell short', async () => {
    expect((await run('{ fine: async () => true }', 'fine')).code).toBe(0);
    expect((await run('{ short: async () => false }', 'short')).code).toBe(1);
  });

  it('or as it says itself', async () => {
    for (const [outcome, code] of Object.entries(EXIT_CODES))
      expect((await run(`{ told: async () => '${outcome}' }`, 'told')).code).toBe(code);
  });

  it('2 and a line of JSON when what it needs does not come up', async () => {
    const ended = await run(
      `{ broken: async (_args, context) => { context(undefined).step('Starting'); throw new Error('no port'); } }`,
      'broken',
    );
    expect(ended.code).toBe(2);
    expect(ended.lastLine).toEqual({ drill: 'broken', outcome: 'could-not-run', during: 'Starting', why: 'no port' });
    expect(ended.errors).not.toContain('at ');
  });

  it('1 and a line of JSON when something breaks while the system is under test, also where nobody waits', async () => {
    const ended = await run(
      `{ broken: async (_args, context) => {
        const { step, fail, signal } = context(undefined);
        step('The fault', 'trial');
        fail(new Error('node-1 ended by itself (SIGSEGV)'));
        signal.throwIfAborted();
      } }`,
      'broken',
    );
    expect(ended.code).toBe(1);
    expect(ended.lastLine).toEqual({
      drill: 'broken',
      outcome: 'fell-short',
      during: 'The fault',
      why: 'node-1 ended by itself (SIGSEGV)',
    });
  });

  it('2 and how to call it when it is asked for what is not there', async () => {
    const ended = await run('{}', 'nothing');
    expect(ended.code).toBe(2);
    expect(ended.errors).toContain('There is no nothing.\nusage');
  });
});
