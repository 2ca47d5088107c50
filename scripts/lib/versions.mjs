// Must parse and run on Node versions that the rest does not support.
import { readFileSync } from 'node:fs';

/**
 * The oldest version of each thing that MeldeSync works with; the only place that says so. Of itself too: the release before, whose
 * processes work beside this one's, by its last commit and its last migration.
 * @type {{ node: string, postgres: string, redis: string, valkey: string, releaseBefore: { commit: string, migration: string }, browsers: Record<'chrome' | 'edge' | 'firefox' | 'safari', string> }}
 */
export const SUPPORTED = JSON.parse(readFileSync(new URL('../../supported-versions.json', import.meta.url), 'utf8'));

/**
 * Whether a version comes before another; what a version lacks counts as 0.
 * @param {string} version numbers with dots between them
 * @param {string} than
 */
export function isOlder(version, than) {
  const found = version.split('.').map(Number);
  const wanted = than.split('.').map(Number);
  for (let place = 0; place < wanted.length; place++) {
    const difference = (found[place] || 0) - (wanted[place] || 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** What is supported, as a Markdown table. */
export function supportedTable() {
  const { chrome, edge, firefox, safari } = SUPPORTED.browsers;
  const rows = [
    ['Node.js', SUPPORTED.node, 'every command and program'],
    [
      'PostgreSQL',
      `${SUPPORTED.postgres}, for the relay with \`wal_level=logical\``,
      'migrations, node, relay, worker',
    ],
    ['Redis or Valkey', `${SUPPORTED.redis} or ${SUPPORTED.valkey}`, 'node, relay, worker'],
    ['browser', `Chrome ${chrome}, Edge ${edge}, Firefox ${firefox} or Safari ${safari}`, 'the page'],
  ];
  return [
    '| needed | oldest version | checked at its start by |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}
