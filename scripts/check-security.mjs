// Holds the threat model and the table of ASVS to the code: nothing is left out, and each file and test that they name is there.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { inRoot } from './lib/paths.mjs';
import { asvsMistakes } from './lib/proof/asvs.mjs';
import { threatMistakes } from './lib/proof/threats.mjs';

/** @param {string} path */
function read(path) {
  const file = inRoot(path);
  if (!existsSync(file)) return undefined;
  return statSync(file).isDirectory() ? '' : readFileSync(file, 'utf8');
}

const levels = JSON.parse(read('scripts/lib/proof/asvs-5.0.0.json') ?? '{}');
const mistakes = [
  ...threatMistakes(read('docs/THREATS.md') ?? '', read),
  ...asvsMistakes(read('docs/ASVS.md') ?? '', levels, read),
];
for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
process.exitCode = mistakes.length === 0 ? 0 : 1;
