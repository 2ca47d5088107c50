import { inBackticks, proofMistakes, rowsOf } from './proof/proofs.mjs';

/** How many acceptance criteria each of the five requirements has. */
const CRITERIA = 5;
const REQUIREMENTS = 5;

/** Every rule that docs/REQUIREMENTS.md must account for: R1.1 to R5.5. */
export const RULES = Array.from(
  { length: REQUIREMENTS * CRITERIA },
  (_, index) => `R${Math.floor(index / CRITERIA) + 1}.${(index % CRITERIA) + 1}`,
);

/**
 * One row of the table: `| R1.1 | what it demands | built in | proved by |`.
 * @typedef {object} Row
 * @property {string} rule
 * @property {string[]} builtIn paths, each in backticks
 * @property {string} provedBy tests as `path › name`, separated by `<br>`, each in backticks; or the word open
 */

/**
 * @param {string} markdown
 * @returns {Row[]}
 */
function readRows(markdown) {
  return rowsOf(markdown, /^R\d\.\d$/).map((cells) => {
    const [rule = '', , builtIn = ''] = cells;
    return { rule, builtIn: inBackticks(builtIn), provedBy: cells.at(-1) ?? '' };
  });
}

/**
 * What is wrong with the table, a line each; nothing where all is well.
 * @param {string} markdown
 * @param {(path: string) => string | undefined} read the text of a file in the checkout, '' for a folder, undefined if neither
 * @returns {string[]}
 */
export function findMistakes(markdown, read) {
  const rows = readRows(markdown);
  const missing = RULES.filter((rule) => rows.every((row) => row.rule !== rule)).map((rule) => `${rule} has no row`);
  return [...missing, ...rows.flatMap((row) => rowMistakes(row, read))];
}

/**
 * @param {Row} row
 * @param {(path: string) => string | undefined} read
 * @returns {string[]}
 */
function rowMistakes({ rule, builtIn, provedBy }, read) {
  const unbuilt = builtIn.filter((path) => read(path) === undefined).map((path) => `${rule}: there is no ${path}`);
  if (provedBy === 'open') return unbuilt;
  const proofs = inBackticks(provedBy);
  if (proofs.length === 0) return [...unbuilt, `${rule}: names neither a test (\`path › name\`) nor says open`];
  return [...unbuilt, ...proofs.flatMap((proof) => proofMistakes(proof, read)).map((mistake) => `${rule}: ${mistake}`)];
}
