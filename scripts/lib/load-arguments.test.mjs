import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadUsage, readCatalogue, readLoadArguments } from './load-arguments.mjs';

const folder = mkdtempSync(join(tmpdir(), 'meldesync-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

const people = join(folder, 'people.json');
writeFileSync(people, '{"workspace":"w","people":[{"id":"a"}]}');
const list = join(folder, 'list.json');
writeFileSync(list, '[]');

const catalogue = { smoke: { shows: 'that it works', people: 20, records: 500 } };
/** @param {string[]} args */
const read = (...args) => readLoadArguments(args, catalogue);

it('reads what a run is given, and tells the script of it', () => {
  const given = read('smoke', '--url', 'https://a.example/cases', '--people', people, '--vus', '7', '-e', 'A=b=c');
  expect(given).toMatchObject({ url: 'https://a.example', peopleFile: people, threads: '1' });
  expect(given.environment).toEqual({ A: 'b=c', VUS: '7' });
  expect(read('smoke', '--restart-at', '30', '--duration', '2m').environment).toEqual({
    DURATION: '2m',
    RESTART_AT: '30',
  });
});

it.each([
  [[], 'Which scenario? One of smoke'],
  [['day'], 'There is no scenario "day": one of smoke'],
  [['toString'], 'There is no scenario "toString"'],
  [['smoke', 'day'], 'One scenario at a time, not also day'],
  [['smoke', '--url', 'a.example'], '--url a.example: must be an address'],
  [['smoke', '--url', 'https://a.example'], '--url needs --people FILE'],
  [['smoke', '--people', '/nowhere.json'], '--people /nowhere.json: there is no such file'],
  [['smoke', '--people', list], 'must be JSON with a workspace and people'],
  [['smoke', '--vus', 'many'], '--vus many: must be a whole number'],
  [['smoke', '--restart-at', '0'], '--restart-at 0: must be a whole number'],
  [['smoke', '-e', 'A'], '-e A: must be NAME=VALUE'],
  [['smoke', '--slowly'], "Unknown option '--slowly'"],
])('refuses %j in one line', (args, line) => {
  expect(() => read(...args)).toThrow(line);
});

it('names every scenario that there is a script for', () => {
  const usage = loadUsage(readCatalogue());
  for (const name of Object.keys(readCatalogue())) expect(usage).toContain(`  ${name} `);
});
