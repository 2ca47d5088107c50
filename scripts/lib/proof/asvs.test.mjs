import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../paths.mjs';
import { asvsMistakes, asvsTotals } from './asvs.mjs';

const LEVELS = { 'V1.1.1': 2, 'V1.2.1': 1 };
/** @param {string} path */
const read = (path) => (path === 'apps/a.test.ts' ? "it('is refused', …)" : undefined);

const FIRST = '| V1.1.1 | 2 | decode once | met | `apps/a.test.ts › is refused`, by `decode` |';
const SECOND = '| V1.2.1 | 1 | escape | not applicable | there is no such thing |';

describe('the table of ASVS', () => {
  it('is right when each requirement has a row and what it names is there', () => {
    expect(asvsMistakes(`${FIRST}\n${SECOND}`, LEVELS, read)).toEqual([]);
  });

  it('has a row for each requirement, and one', () => {
    expect(asvsMistakes(FIRST, LEVELS, read)).toEqual(['V1.2.1 has no row']);
    expect(asvsMistakes(`${FIRST}\n${SECOND}\n${SECOND}`, LEVELS, read)).toEqual(['V1.2.1 stands twice']);
    expect(asvsMistakes(`${FIRST}\n${SECOND}\n| V9.9.9 | 1 | a | open | b |`, LEVELS, read)).toEqual([
      'V9.9.9: is no requirement of level 1 or 2',
    ]);
  });

  it.each([
    ['| 2 |', '| 1 |', 'V1.1.1: is of level 2, not 1'],
    ['| met |', '| nearly |', 'V1.1.1: nearly is none of: met, not applicable, open'],
    ['is refused', 'is let in', 'V1.1.1: apps/a.test.ts has no test “is let in”'],
    ['apps/a.test.ts', 'apps/gone.test.ts', 'V1.1.1: there is no apps/gone.test.ts'],
    ['`apps/a.test.ts › is refused`, by ', '', 'V1.1.1: says met, and names no file or test'],
  ])('is wrong with %j as %j', (right, wrong, mistake) => {
    expect(asvsMistakes(`${FIRST.replace(right, wrong)}\n${SECOND}`, LEVELS, read)).toEqual([mistake]);
  });

  it('is added up by level and state', () => {
    expect(asvsTotals(`${FIRST}\n${SECOND}`)).toBe(
      '| level | met | not applicable | open |\n|---|---|---|---|\n| 1 | 0 | 1 | 0 |\n| 2 | 1 | 0 | 0 |',
    );
  });
});

it('the list of requirements is that of ASVS 5.0.0: 70 of level 1, 183 of level 2', () => {
  const levels = Object.values(JSON.parse(readFileSync(inRoot('scripts/lib/proof/asvs-5.0.0.json'), 'utf8')));
  expect([1, 2].map((level) => levels.filter((one) => one === level).length)).toEqual([70, 183]);
});
