/**
 * @typedef {object} Vulnerable a package as `npm audit --json` tells of it
 * @property {string} severity
 * @property {string[]} nodes where it lies
 */

/** What does not go out with what is handed over. */
const GRAVE = new Set(['high', 'critical']);

/**
 * @typedef {object} Verdict
 * @property {boolean} isAsked whether the registry's service answered; where it did not, nothing is known
 * @property {string[]} grave what must not be handed over, a line each
 * @property {string} summary
 */

/**
 * Reads what `npm audit --json` has written. It writes something else where nobody could be asked, and ends with 1 in both cases.
 * @param {string} output
 * @param {ReadonlySet<string>} shipped paths of the packages that are handed over
 * @returns {Verdict}
 */
export function judgeAudit(output, shipped) {
  const report = parse(output);
  if (report?.auditReportVersion === undefined) {
    const reason = report?.message ?? report?.error?.summary ?? 'no answer';
    return {
      isAsked: false,
      grave: [],
      summary: `not known: the service of advisories was not reached (${firstLine(reason)})`,
    };
  }
  /** @type {[string, Vulnerable][]} */
  const found = Object.entries(report.vulnerabilities ?? {});
  const grave = found
    .filter(([, { severity, nodes }]) => GRAVE.has(severity) && nodes.some((path) => shipped.has(path)))
    .map(([name, { severity, nodes }]) => `${name}: ${severity}, in ${nodes.join(', ')}`);
  return {
    isAsked: true,
    grave,
    summary: `${found.length} packages with advisories, ${grave.length} grave ones in what is handed over`,
  };
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {string} text Which may name the registry's address: that is not ours to show. */
function firstLine(text) {
  return (text.split('\n')[0] ?? '').replaceAll(/https?:\/\/\S+/g, '…');
}
