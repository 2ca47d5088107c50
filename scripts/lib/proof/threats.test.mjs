import { describe, expect, it } from 'vitest';
import { threatMistakes } from './threats.mjs';

/** @type {Record<string, string>} */
const files = { 'apps/a.ts': '', 'apps/a.test.ts': "it('is refused', …)" };
/** @param {string} path */
const read = (path) => files[path];

const ROW = '| WS-S1 | somebody else | `apps/a.ts` | `apps/a.test.ts › is refused` | nothing known |';
/** @param {string} row */
const modelWith = (row, none = 'Not here: T (why), R (why), I (why), D (why), E (why).') =>
  [
    '# Threats',
    '',
    '## WebSocket (WS)',
    '',
    none,
    '',
    '| id | threat | answer | shown by | what remains |',
    '|---|---|---|---|---|',
    row,
    '',
  ].join('\n');

describe('the threat model', () => {
  it('is right when all that it names is there', () => {
    expect(threatMistakes(modelWith(ROW), read)).toEqual([]);
  });

  it('may say that nothing shows a threat answered', () => {
    expect(threatMistakes(modelWith('| WS-S1 | a | – | open: no test | b |'), read)).toEqual([]);
  });

  it.each([
    ['apps/a.ts', 'apps/gone.ts', 'WS-S1: there is no apps/gone.ts'],
    ['is refused', 'is let in', 'WS-S1: apps/a.test.ts has no test “is let in”'],
    ['apps/a.test.ts', 'apps/gone.test.ts', 'WS-S1: there is no apps/gone.test.ts'],
    [' › is refused', '', 'WS-S1: no test is named in apps/a.test.ts'],
    ['`apps/a.test.ts › is refused`', 'later', 'WS-S1: names neither a test (`path › name`) nor says open'],
    ['`apps/a.ts`', 'somewhere', 'WS-S1: names no file that answers it'],
    ['nothing known', '', 'WS-S1: does not say what remains'],
  ])('is wrong with %j as %j', (right, wrong, mistake) => {
    expect(threatMistakes(modelWith(ROW.replace(right, wrong)), read)).toEqual([mistake]);
  });

  it('leaves out no kind of threat without a word', () => {
    expect(threatMistakes(modelWith(ROW, 'Not here: T (why), R (why), I (why), D (why).'), read)).toEqual([
      'WS has no threat of the kind E, and does not say why',
    ]);
  });

  it('names a threat once', () => {
    expect(threatMistakes(modelWith(`${ROW}\n${ROW}`), read)).toEqual(['WS-S1 stands twice']);
  });
});
