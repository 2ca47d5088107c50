/**
 * How a trial ended: `held`, `fell short` (the system did wrong) or `could not run` (which says nothing about it).
 * @typedef {'held' | 'fell short' | 'could not run'} Outcome
 */

/**
 * How its process ended.
 * @typedef {{ kind: 'exit', code: number } | { kind: 'signal', signal: string } | { kind: 'too long', limitMs: number }} End
 */

/** @typedef {{ outcome: Outcome, figure: string }} Verdict */

/** Exit code of what says nothing about the system. */
export const COULD_NOT_RUN = 2;
/** Exit codes of drills and benches, and of the night. */
const CODES = /** @type {const} */ ({ 0: 'held', 1: 'fell short', [COULD_NOT_RUN]: 'could not run' });

/**
 * What a run is remembered by, the first of these that its last line has.
 * @type {{ key: string, say: (value: number) => string }[]}
 */
const FIGURES = [
  { key: 'p99', say: (value) => `p99 ${value} ms` },
  { key: 'ratio', say: (value) => `ratio ${value}` },
  { key: 'recoveredMs', say: (value) => `recovered in ${value} ms` },
  { key: 'bytesPerConnection', say: (value) => `${value} bytes a connection` },
  { key: 'slowestMs', say: (value) => `slowest ${value} ms` },
  { key: 'faults', say: (value) => `${value} faults` },
  { key: 'accepted', say: (value) => `${value} edits accepted` },
];

/**
 * Reads how a trial ended.
 * @param {import('./trials.mjs').Trial['kind']} kind
 * @param {End} end
 * @param {string} output what it wrote
 * @returns {Verdict}
 */
export function judge(kind, end, output) {
  if (end.kind === 'too long')
    return { outcome: 'could not run', figure: `not done after ${end.limitMs / 60_000} min` };
  if (end.kind === 'signal') return { outcome: 'could not run', figure: `ended by ${end.signal}` };
  return kind === 'tests' ? judgeTests(end.code, output) : judgeMeasurement(end.code, output);
}

/**
 * A run of tests says its counts last; one that broke before that has none.
 * @param {number} code
 * @param {string} output
 * @returns {Verdict}
 */
function judgeTests(code, output) {
  const [counts, , failed] = /^(\d+) passed, (\d+) failed, \d+ skipped$/m.exec(output) ?? [];
  if (counts === undefined) return { outcome: 'could not run', figure: lastLine(output) };
  const seed = /^.*?(seed \d+: .{1,100})/m.exec(output)?.[1];
  if (failed !== '0') return { outcome: 'fell short', figure: seed ?? counts };
  return { outcome: code === 0 ? 'held' : 'could not run', figure: counts };
}

/**
 * A drill or a bench says what it found in a last line of JSON.
 * @param {number} code
 * @param {string} output
 * @returns {Verdict}
 */
function judgeMeasurement(code, output) {
  const outcome = code === 0 || code === 1 ? CODES[code] : CODES[2];
  const found = lastJson(output);
  if (found === undefined) return { outcome: outcome === 'held' ? 'could not run' : outcome, figure: lastLine(output) };
  if (typeof found['why'] === 'string') return { outcome, figure: `${String(found['during'])}: ${found['why']}` };
  const figures = FIGURES.flatMap(({ key, say }) => {
    const value = found[key];
    return typeof value === 'number' ? [say(value)] : [];
  });
  const missed =
    Array.isArray(found['missed']) && outcome === 'fell short' ? `missed: ${found['missed'].join(', ')}` : '';
  return { outcome, figure: missed || (figures[0] ?? '') };
}

/**
 * @param {string} output
 * @returns {Record<string, unknown> | undefined}
 */
function lastJson(output) {
  const line = output.split('\n').findLast((candidate) => candidate.startsWith('{'));
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    // Some other line that begins with a brace: there is no result.
    return undefined;
  }
}

/** @param {string} output */
function lastLine(output) {
  return output.trim().split('\n').at(-1)?.slice(0, 120) ?? '';
}

/**
 * The exit code of a whole night: that of the worst; what fell short is worse than what could not run.
 * @param {{ outcome: Outcome }[]} results
 * @returns {0 | 1 | 2}
 */
export function nightCode(results) {
  if (results.some(({ outcome }) => outcome === 'fell short')) return 1;
  return results.some(({ outcome }) => outcome === 'could not run') ? COULD_NOT_RUN : 0;
}
