// Holds docs/REQUIREMENTS.md to the code: every rule has a row, and what a row names is there.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { inRoot } from './lib/paths.mjs';
import { findMistakes } from './lib/requirements.mjs';

/** @param {string} path */
function read(path) {
  const file = inRoot(path);
  if (!existsSync(file)) return undefined;
  return statSync(file).isDirectory() ? '' : readFileSync(file, 'utf8');
}

const markdown = read('docs/REQUIREMENTS.md');
const mistakes = markdown === undefined ? ['there is no docs/REQUIREMENTS.md'] : findMistakes(markdown, read);
for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
process.exitCode = mistakes.length === 0 ? 0 : 1;
