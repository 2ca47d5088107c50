import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { useTemporaryFolders } from '../../test/temporary-folders.ts';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { createContext } from '../context.ts';
import { loadCommands } from '../program/commands.ts';
import { createProgram } from '../program/program.ts';
import { describeProgram } from './describe-program.ts';

const makeFolder = useTemporaryFolders();

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is offered behind these words; the last one is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => lines.push(line));
  const program = createProgram(createContext(createTestTerminal([])), () => undefined, await loadCommands([]));
  describeProgram(program, { servers: ['https://one.example.org'], word: words.at(-1) ?? '' }).parse(words);
  return lines.filter((line) => !line.startsWith(':')).map((line) => line.split('\t')[0] ?? '');
}

it('offers commands, also those of a group, and nothing that is hidden', async () => {
  expect(await offered('l')).toEqual(['login', 'logout', 'list', 'lock', 'locks']);
  expect(await offered('admin', 'members', 'r')).toEqual(['role', 'resume', 'remove']);
  expect(await offered('comp')).toEqual(['completion']);
});

it('offers the options of a command, with those that every command takes', async () => {
  expect(await offered('lock', 'F-1', '--ta')).toEqual(['--take-over']);
  expect(await offered('edit', '--s')).toEqual(['--server']);
});

it('offers the words that an option takes, and servers that are known', async () => {
  expect(await offered('list', '--filter', 'in')).toEqual(['incomplete']);
  expect(await offered('show', '--server', '')).toEqual(['https://one.example.org']);
  expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
});

it('offers files and folders where they are meant, and none elsewhere', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'woche.csv'), '');
  await mkdir(join(folder, 'wochen'));
  expect((await offered('import', join(folder, 'woch'))).toSorted()).toEqual([
    join(folder, 'woche.csv'),
    join(folder, 'wochen/'),
  ]);
  expect(await offered('import', join(folder, 'gibt-es-nicht', 'x'))).toEqual([]);
  expect(await offered('show', join(folder, 'woch'))).toEqual([]);
});
