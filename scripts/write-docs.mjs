// Writes what documents say of the code's own tables, between the markers of each, and documents that say nothing else. With --check it says what differs, and writes
// nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { stringify } from 'yaml';
import { commandSettingsTable, programSettingsTable, programSettingsTables } from '../packages/config/src/tables.mjs';
import { withChartSettings } from './lib/chart-settings.mjs';
import { eventsDocument } from './lib/events-document.mjs';
import { withTables } from './lib/generated-tables.mjs';
import { answerHelp } from './lib/help.mjs';
import { inRoot } from './lib/paths.mjs';
import { asvsTotals } from './lib/proof/asvs.mjs';
import { redisUsersTable, redisUsersTemplate } from './lib/redis-users.mjs';
import { SETTINGS_PARTS } from './lib/settings-parts.mjs';
import { licencesTable } from './lib/supply/licences.mjs';
import { shippedPackages } from './lib/supply/shipped.mjs';

answerHelp(`npm run docs writes what documents say of the code's own tables, and the dashboards.
`);
/** @type {{ metricsTable: () => string, runtimeTable: () => string }} */
const { metricsTable, runtimeTable } = await tsImport(
  '../packages/telemetry/src/metrics/metrics-table.ts',
  import.meta.url,
);

/** @type {{ rightsTable: () => string }} */
const { rightsTable } = await tsImport('../packages/db/test/declared-rights.ts', import.meta.url);

/** Documents with such tables, by the names in their markers. @type {Record<string, Record<string, () => string>>} */
const DOCUMENTS = {
  'README.md': {
    'settings of the commands': commandSettingsTable,
    'settings of the programs': programSettingsTable,
  },
  'docs/betreiben/einstellungen.md': Object.fromEntries(
    Object.entries(programSettingsTables(SETTINGS_PARTS)).map(([part, table]) => [part, () => table]),
  ),
  'docs/ASVS.md': { totals: () => asvsTotals(readFileSync(inRoot('docs/ASVS.md'), 'utf8')) },
  'docs/betreiben/lizenzen.md': {
    licences: () => {
      const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
      return licencesTable(packages, shippedPackages(packages));
    },
  },
  'docs/betreiben/rechte.md': {
    'redis users': redisUsersTable,
    'database roles': rightsTable,
  },
  'docs/METRICS.md': {
    metrics: metricsTable,
    'metrics of the runtime': runtimeTable,
  },
};

/** @param {string} path of a source of ours */
const load = (path) => tsImport(pathToFileURL(inRoot(path)).href, import.meta.url);

/** Documents that are written as a whole. @type {Record<string, () => Promise<string>>} */
const WHOLE = {
  'docs/EVENTS.md': async () => {
    const [{ EVENTS }, { FIELDS }] = await Promise.all(
      ['catalogue', 'fields'].map((name) => load(`packages/telemetry/src/events/${name}.ts`)),
    );
    const { AUDIT_KINDS, FURTHER_AUDIT_KINDS, auditGroupOf, auditKindName } = await load(
      'packages/protocol/src/index.ts',
    );
    return eventsDocument(EVENTS, FIELDS, {
      kinds: AUDIT_KINDS,
      groupOf: auditGroupOf,
      nameOf: (kind) => auditKindName(kind, 'en'),
      further: FURTHER_AUDIT_KINDS,
    });
  },
  'docs/asyncapi.yaml': async () => {
    const { asyncApiDocument } = await load('docs/src/asyncapi/document.ts');
    const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
    const head = '# Written by npm run docs from packages/protocol/src.\n';
    return head + stringify(asyncApiDocument(version), { aliasDuplicateObjects: false, lineWidth: 140 });
  },
};

/** Files that are written as a whole, and are no documents. @type {Record<string, () => string>} */
const FILES = { 'deploy/redis/users.acl': redisUsersTemplate };

const isCheck = process.argv.includes('--check');

/**
 * @param {string} path
 * @param {string} before
 * @param {string} after
 */
function settle(path, before, after) {
  if (after === before) return;
  if (isCheck) {
    process.stderr.write(`${path} says something else than the code: npm run docs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(inRoot(path), after);
    process.stdout.write(`${path} written\n`);
  }
}

for (const [path, tables] of Object.entries(DOCUMENTS)) {
  const before = readFileSync(inRoot(path), 'utf8');
  settle(path, before, withTables(before, tables));
}
const CHART_SCHEMA = 'deploy/helm/meldesync/values.schema.json';
const schemaBefore = readFileSync(inRoot(CHART_SCHEMA), 'utf8');
settle(CHART_SCHEMA, schemaBefore, withChartSettings(schemaBefore));
for (const [path, make] of Object.entries(FILES)) {
  const before = existsSync(inRoot(path)) ? readFileSync(inRoot(path), 'utf8') : '';
  settle(path, before, make());
}
for (const [path, make] of Object.entries(WHOLE)) {
  const before = existsSync(inRoot(path)) ? readFileSync(inRoot(path), 'utf8') : '';
  settle(path, before, await make());
}
