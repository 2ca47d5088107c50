/** @typedef {(path: string) => string | undefined} Read the text of a file in the checkout, '' for a folder, undefined if neither */

/** @param {string} text */
export function inBackticks(text) {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

/**
 * The rows of all tables of a document whose first cell fits, as their cells.
 * @param {string} markdown
 * @param {RegExp} first
 * @returns {string[][]}
 */
export function rowsOf(markdown, first) {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter(([cell = '']) => first.test(cell));
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
 * What a proof names and is not there, a line each.
 * @param {string} proof `path › name`, where several names may follow
 * @param {Read} read
 * @returns {string[]}
 */
export function proofMistakes(proof, read) {
  const [path = '', ...names] = proof.split(' › ');
  const source = read(path);
  if (source === undefined) return [`there is no ${path}`];
  if (names.length === 0) return [`no test is named in ${path}`];
  return names.filter((name) => !hasTest(source, name)).map((name) => `${path} has no test “${name}”`);
}

/** How files and folders of the checkout begin, where a text names other things too. */
const PATH = /^(?:(?:apps|packages|testkit|bench|k6|docs|deploy|scripts)\/|[A-Z]+\.md$|package(?:-lock)?\.json$)/;

/**
 * What of a cell is a proof, or a path of the checkout, and is not there.
 * @param {string} cell
 * @param {Read} read
 * @returns {{ named: number, mistakes: string[] }} how many it names, right or wrong
 */
export function namedThings(cell, read) {
  const named = inBackticks(cell).filter((text) => PATH.test(text));
  const mistakes = named.flatMap((text) => {
    if (text.includes(' › ')) return proofMistakes(text, read);
    return read(text) === undefined ? [`there is no ${text}`] : [];
  });
  return { named: named.length, mistakes };
}
