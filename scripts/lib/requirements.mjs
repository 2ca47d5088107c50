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

/** @param {string} cell */
function inBackticks(cell) {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

/**
 * @param {string} markdown
 * @returns {Row[]}
 */
function readRows(markdown) {
  return markdown.split('\n').flatMap((line) => {
    if (!/^\|\s*R\d\.\d\s*\|/.test(line)) return [];
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [rule = '', , builtIn = ''] = cells;
    return [{ rule, builtIn: inBackticks(builtIn), provedBy: cells.at(-1) ?? '' }];
  });
}

/**
 * Whether a test file has a test of that name: the name as it stands in the source, whatever quotes are around it.
 * @param {string} source
 * @param {string} name
 */
function hasTest(source, name) {
  return source.replaceAll(/\\(['"`])/g, '$1').includes(name);
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
  return [
    ...unbuilt,
    ...proofs.flatMap((proof) => {
      const [path = '', ...names] = proof.split(' › ');
      const source = read(path);
      if (source === undefined) return [`${rule}: there is no ${path}`];
      if (names.length === 0) return [`${rule}: no test is named in ${path}`];
      return names.filter((name) => !hasTest(source, name)).map((name) => `${rule}: ${path} has no test “${name}”`);
    }),
  ];
}
