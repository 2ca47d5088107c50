import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { CLOSE_RULES } from '../src/index.ts';
import { tablesOf, withTables } from './document-tables.ts';

const pathOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const LIMITS_OF_RANGES: readonly number[] = [4400, 4499];
const read = (path: string) => readFile(pathOf(path), 'utf8');

// `npm test -- packages/protocol -u` writes the tables.
it.each([
  ['packages/protocol/PROTOCOL.md', ['close codes', 'backoff', 'not seen']],
  ['docs/runbook.md', ['closed connections']],
])('the tables of %s say what nodes and clients do', async (path, tables) => {
  const document = await read(path);
  expect(tablesOf(document)).toEqual(tables);
  await expect(withTables(document)).toMatchFileSnapshot(pathOf(path));
});

it.each(['packages/protocol/PROTOCOL.md', 'docs/runbook.md', 'packages/client/README.md'])(
  '%s names no close code that there is not',
  async (path) => {
    const known = new Set([...LIMITS_OF_RANGES, ...Object.values(CLOSE_RULES).map(({ code }) => code)]);
    const named = [...(await read(path)).matchAll(/\b4[45]\d\d\b/g)].map(([code]) => Number(code));
    expect(named.filter((code) => !known.has(code))).toEqual([]);
  },
);
