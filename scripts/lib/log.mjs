/** @typedef {'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'dim' | 'bold'} Style */

/** @type {Record<Style, number>} */
const CODES = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, dim: 2, bold: 1 };

/** Whether to colour: NO_COLOR switches it off, FORCE_COLOR on, else a terminal decides. */
export const useColor = process.env['NO_COLOR'] ? false : process.env['FORCE_COLOR'] ? true : process.stdout.isTTY;

/**
 * @param {Style} style
 * @param {string} text
 */
export function paint(style, text) {
  return useColor ? `\u001B[${CODES[style]}m${text}\u001B[0m` : text;
}

let quiet = false;

/** From here on only warnings and failures are written: for commands whose output another program reads. */
export function silenceSteps() {
  quiet = true;
}

/**
 * One line on what happens now.
 * @param {string} subject what it is about: "dependencies", "postgres"
 * @param {string} text
 */
export function step(subject, text) {
  if (!quiet) process.stdout.write(`${paint('cyan', subject.padEnd(13))} ${text}\n`);
}

/**
 * @param {string} subject
 * @param {string} text
 */
export function warn(subject, text) {
  process.stderr.write(`${paint('yellow', subject.padEnd(13))} ${text}\n`);
}

/** @param {string} text */
export function fail(text) {
  process.stderr.write(`${paint('red', 'error')} ${text}\n`);
}

/**
 * Seconds since `startedMs` (of `performance.now()`), for people: "3.2 s".
 * @param {number} startedMs
 */
export function since(startedMs) {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
}
