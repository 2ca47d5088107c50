// Writes what documents say of the code's own tables, between the markers of each. With --check it says what differs, and writes
// nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { tsImport } from 'tsx/esm/api';
import { commandSettingsTable, programSettingsTable } from '../packages/config/src/tables.mjs';
import { withTables } from './lib/generated-tables.mjs';
import { inRoot } from './lib/paths.mjs';

/** @type {{ metricsTable: () => string, runtimeTable: () => string }} */
const { metricsTable, runtimeTable } = await tsImport(
  '../packages/telemetry/src/metrics/metrics-table.ts',
  import.meta.url,
);

/** Documents with such tables, by the names in their markers. @type {Record<string, Record<string, () => string>>} */
const DOCUMENTS = {
  'README.md': {
    'settings of the commands': commandSettingsTable,
    'settings of the programs': programSettingsTable,
  },
  'docs/METRICS.md': {
    metrics: metricsTable,
    'metrics of the runtime': runtimeTable,
  },
};

const isCheck = process.argv.includes('--check');
for (const [path, tables] of Object.entries(DOCUMENTS)) {
  const before = readFileSync(inRoot(path), 'utf8');
  const after = withTables(before, tables);
  if (after === before) continue;
  if (isCheck) {
    process.stderr.write(`${path} says something else than the code: npm run docs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(inRoot(path), after);
    process.stdout.write(`${path} written\n`);
  }
}
