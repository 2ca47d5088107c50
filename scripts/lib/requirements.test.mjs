import { describe, expect, it } from 'vitest';
import { findMistakes, RULES } from './requirements.mjs';

/** @type {Record<string, string>} */
const files = {
  'packages/db': '',
  'packages/db/src/edit.test.ts': "it('R2.1 the first change wins', …); it('doesn\\'t overwrite', …)",
};
/** @param {string} path */
const read = (path) => files[path];

/**
 * A table in which every rule is open but one.
 * @param {string} rule
 * @param {string} builtIn
 * @param {string} provedBy
 */
function tableWith(rule, builtIn, provedBy) {
  const rows = RULES.map((id) =>
    id === rule ? `| ${id} | … | ${builtIn} | ${provedBy} |` : `| ${id} | … | – | open |`,
  );
  return ['| rule | demands | built in | proved by |', '|---|---|---|---|', ...rows].join('\n');
}

describe('the table of requirements', () => {
  it('knows twenty-five rules', () => {
    expect(RULES).toHaveLength(25);
    expect([RULES[0], RULES[24]]).toEqual(['R1.1', 'R5.5']);
  });

  it('is right when what it names is there', () => {
    const proof =
      "`packages/db/src/edit.test.ts › R2.1 the first change wins`<br>`packages/db/src/edit.test.ts › doesn't overwrite`";
    expect(findMistakes(tableWith('R2.1', '`packages/db`', proof), read)).toEqual([]);
  });

  it('misses a rule without a row', () => {
    const table = tableWith('R2.1', '–', 'open').replace('| R3.4 |', '| R3.9 |');
    expect(findMistakes(table, read)).toEqual(['R3.4 has no row']);
  });

  it.each([
    ['`packages/gone`', 'open', 'R2.1: there is no packages/gone'],
    ['–', '`gone.test.ts › name`', 'R2.1: there is no gone.test.ts'],
    [
      '–',
      '`packages/db/src/edit.test.ts › another name`',
      'R2.1: packages/db/src/edit.test.ts has no test “another name”',
    ],
    ['–', '`packages/db/src/edit.test.ts`', 'R2.1: no test is named in packages/db/src/edit.test.ts'],
    ['–', 'later', 'R2.1: names neither a test (`path › name`) nor says open'],
  ])('is wrong with %s and %s', (builtIn, provedBy, mistake) => {
    expect(findMistakes(tableWith('R2.1', builtIn, provedBy), read)).toEqual([mistake]);
  });
});
