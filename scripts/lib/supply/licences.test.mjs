import { expect, it } from 'vitest';
import { licenceMistakes, licencesTable } from './licences.mjs';

/** @param {string} [license] */
const lockedWith = (license) => ({
  '': {},
  'node_modules/@meldesync/db': { link: true },
  'node_modules/a': { version: '1.0.0', ...(license === undefined ? {} : { license }) },
});

it.each([
  ['MIT', [], []],
  ['(MIT OR GPL-3.0)', [], []],
  ['MIT AND Zlib', [], []],
  ['MPL-2.0', [expect.stringContaining('handed over')], []],
  ['GPL-3.0', [expect.stringContaining('handed over')], [expect.stringContaining('used')]],
  ['MIT AND GPL-3.0', [expect.stringContaining('handed over')], [expect.stringContaining('used')]],
  [undefined, ['node_modules/a: says no licence'], ['node_modules/a: says no licence']],
])('%s, in what is handed over and in tools', (license, shipped, used) => {
  expect(licenceMistakes(lockedWith(license), new Set(['node_modules/a']))).toEqual(shipped);
  expect(licenceMistakes(lockedWith(license), new Set())).toEqual(used);
});

it('names each package once by its licence, with what it says wrongly of itself put right', () => {
  const locked = {
    'node_modules/b': { version: '2.0.0', license: 'MIT' },
    'node_modules/c/node_modules/b': { version: '2.0.0', license: 'MIT' },
    'node_modules/uWebSockets.js': { version: '3.0.6', license: 'ISC' },
  };
  expect(licencesTable(locked, new Set(Object.keys(locked)))).toBe(
    '| Lizenz | Pakete | |\n|---|---|---|\n| Apache-2.0 | 1 | uWebSockets.js 3.0.6 |\n| MIT | 1 | b 2.0.0 |',
  );
});
