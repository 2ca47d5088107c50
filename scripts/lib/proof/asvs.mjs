import { namedThings, rowsOf } from './proofs.mjs';

const ID = /^V\d+\.\d+\.\d+$/;
const STATES = ['met', 'not applicable', 'open'];

/** @typedef {{ id: string, level: string, state: string, where: string }} Row */

/** @param {string} markdown @returns {Row[]} */
function asvsRows(markdown) {
  return rowsOf(markdown, ID).map(([id = '', level = '', , state = '', where = '']) => ({ id, level, state, where }));
}

/**
 * What is wrong with the table of requirements of ASVS, a line each: each has one row, and what a row names is there.
 * A row is `| V1.1.1 | level | what is asked for | met, not applicable or open | where, why or what is missing |`.
 * @param {string} markdown
 * @param {Record<string, number>} levels of each requirement that there must be a row for
 * @param {import('./proofs.mjs').Read} read
 * @returns {string[]}
 */
export function asvsMistakes(markdown, levels, read) {
  const rows = asvsRows(markdown);
  const ids = rows.map(({ id }) => id);
  return [
    ...Object.keys(levels)
      .filter((id) => !ids.includes(id))
      .map((id) => `${id} has no row`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} stands twice`),
    ...rows.flatMap((row) => rowMistakes(row, levels[row.id], read)),
  ];
}

/**
 * @param {Row} row
 * @param {number | undefined} wanted
 * @param {import('./proofs.mjs').Read} read
 */
function rowMistakes({ id, level, state, where }, wanted, read) {
  const { named, mistakes } = namedThings(where, read);
  return [
    ...(wanted === undefined ? ['is no requirement of level 1 or 2'] : []),
    ...(wanted !== undefined && level !== String(wanted) ? [`is of level ${wanted}, not ${level}`] : []),
    ...(STATES.includes(state) ? [] : [`${state || 'nothing'} is none of: ${STATES.join(', ')}`]),
    ...(state === 'met' && named === 0 ? ['says met, and names no file or test'] : []),
    ...(where === '' ? ['does not say where, why or what is missing'] : []),
    ...mistakes,
  ].map((mistake) => `${id}: ${mistake}`);
}

/**
 * How many requirements are in which state, as a table by level.
 * @param {string} markdown
 */
export function asvsTotals(markdown) {
  const rows = asvsRows(markdown);
  const count = (/** @type {string} */ level, /** @type {string} */ state) =>
    rows.filter((row) => row.level === level && row.state === state).length;
  return [
    `| level | ${STATES.join(' | ')} |`,
    '|---|---|---|---|',
    ...['1', '2'].map((level) => `| ${level} | ${STATES.map((state) => count(level, state)).join(' | ')} |`),
  ].join('\n');
}
