import { paint } from '../log.mjs';

/** @typedef {import('./verdict.mjs').Verdict & { name: string, seconds: number }} Result */

const STYLES = /** @type {const} */ ({ held: 'green', 'fell short': 'red', 'could not run': 'yellow' });

/**
 * @param {Result} result
 * @param {number} nameWidth
 */
export function resultLine({ name, outcome, figure, seconds }, nameWidth) {
  const columns = [
    name.padEnd(nameWidth),
    paint(STYLES[outcome], outcome.padEnd(13)),
    `${seconds.toFixed(0)} s`.padStart(7),
  ];
  return `${columns.join('  ')}  ${figure}`.trimEnd();
}

/**
 * @param {Result[]} results
 * @returns {string} a table for people, each trial once
 */
export function resultTable(results) {
  const width = Math.max(4, ...results.map(({ name }) => name.length));
  const head = paint('bold', `${'name'.padEnd(width)}  ${'outcome'.padEnd(13)}  ${'seconds'.padStart(7)}  figure`);
  return [head, ...results.map((result) => resultLine(result, width))].join('\n');
}
