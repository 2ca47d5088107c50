import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createTestTerminal } from '../test/test-terminal.ts';
import { runCli } from './app.ts';
import { EXIT_OF_ERROR } from './errors.ts';
import { EXIT } from './exit-codes.ts';

const codes = Object.values(EXIT).map(String);

it('each exit code is in the README, and no other', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, section = ''] = /## Exit codes\n(.*?)\n## /s.exec(readme) ?? [];
  const named = [...section.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, cell = '']) => cell.split(', '));
  expect(named.toSorted()).toEqual(codes.toSorted());
});

it.each(['de', 'en'])('each exit code is in the help in %s', async (language) => {
  const terminal = createTestTerminal(['--help', '--lang', language]);
  expect(await runCli(terminal)).toBe(0);
  for (const code of codes) expect(terminal.out()).toMatch(new RegExp(`^  ${code} +\\S`, 'm'));
});

it('no error ends with the code of success, and every code of an error is one of them', () => {
  for (const code of Object.values(EXIT_OF_ERROR)) {
    expect(code).not.toBe(EXIT.ok);
    expect(codes).toContain(String(code));
  }
});

it.each([
  [['list', '--unknown', '--json'], 64, 'unknown-option'],
  [['list', '--json', '--server', 'ftp://x'], 64, 'invalid-server'],
  [['whoami', '--json', '--server', 'http://127.0.0.1:1'], 4, 'not-signed-in'],
])('%j says what went wrong in one line of JSON on standard error', async (args, exitCode, code) => {
  const terminal = createTestTerminal(args, { env: { XDG_CONFIG_HOME: '/nowhere' } });
  expect(await runCli(terminal)).toBe(exitCode);
  expect(terminal.out()).toBe('');
  expect(terminal.err().trimEnd()).not.toContain('\n');
  expect(JSON.parse(terminal.err())).toEqual({
    error: { code, message: expect.any(String), exitCode, retryAfterMs: null },
  });
});

it('what a command behind `--` is given says nothing about our own output', async () => {
  const terminal = createTestTerminal(['lock', 'F-1', '--', 'list', '--json'], {
    env: { XDG_CONFIG_HOME: '/nowhere' },
  });
  expect(await runCli(terminal)).toBe(4);
  expect(terminal.err()).not.toContain('{');
});
