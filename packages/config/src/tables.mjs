// The tables of settings in documents, made from the catalogue: `npm run docs` writes them.
import { SETTINGS } from './catalogue.mjs';

/** @typedef {import('./catalogue.mjs').Program} Program */
/** @typedef {import('./catalogue.mjs').Setting} Setting */
/** @typedef {import('./catalogue.mjs').Use} Use */

/** What runs on its own; the commands of a checkout start these with settings of their own. @type {readonly Program[]} */
const PROGRAMS = ['node', 'relay', 'worker', 'migrate', 'seed', 'setup'];

const MEBIBYTE = 1024 * 1024;

/** @type {[string, Setting][]} */
const ALL = Object.entries(SETTINGS);

/** The settings of `npm start`, `npm test` and the like. */
export function commandSettingsTable() {
  const rows = ALL.flatMap(
    ([
      name,
      {
        uses: { commands },
      },
    ]) => (commands ? [`| \`${name}\` | ${commands.fallback ?? commands.without} | ${commands.meaning} |`] : []),
  );
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** The settings of the programs: a row for each way in which one is used. */
export function programSettingsTable() {
  return settingsTable(ALL);
}

/**
 * The same in parts, each with the settings whose names begin as it says.
 * @param {Record<string, readonly string[]>} parts beginnings of names, by part
 * @returns {Record<string, string>} a table for each part
 * @throws {Error} when a setting of the programs is in no part, or in several
 */
export function programSettingsTables(parts) {
  for (const [name, setting] of ALL) {
    if (usesOf(setting).length === 0) continue;
    const found = Object.keys(parts).filter((part) => parts[part]?.some((begin) => name.startsWith(begin)));
    if (found.length !== 1) throw new Error(`${name} is in ${found.length} parts of the settings, and belongs in one`);
  }
  return Object.fromEntries(
    Object.entries(parts).map(([part, begins]) => [
      part,
      settingsTable(ALL.filter(([name]) => begins.some((begin) => name.startsWith(begin)))),
    ]),
  );
}

/** @param {readonly [string, Setting][]} settings */
function settingsTable(settings) {
  const rows = settings.flatMap(([name, setting]) =>
    usesOf(setting).map(
      ({ programs, use }) =>
        `| \`${name}\` | ${programs.join(', ')} | ${describeDefault(setting, use)} | ${use.meaning} |`,
    ),
  );
  return ['| setting | of | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/**
 * The uses of a setting by programs, those that are the same together.
 * @param {Setting} setting
 */
function usesOf(setting) {
  /** @type {Map<string, { programs: Program[], use: Use }>} */
  const groups = new Map();
  for (const program of PROGRAMS) {
    const use = setting.uses[program];
    if (!use) continue;
    const key = JSON.stringify(use);
    const group = groups.get(key) ?? { programs: [], use };
    group.programs.push(program);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * @param {Setting} setting
 * @param {Use} use
 */
function describeDefault(setting, { fallback, without = '–' }) {
  if (fallback === undefined) return without;
  const unit = 'unit' in setting ? setting.unit : undefined;
  const mebibytes = `${fallback}`.split(',').map((bytes) => Number(bytes) / MEBIBYTE);
  if (unit === 'bytes') return `\`${fallback}\` (${mebibytes.join(', ')} MiB)`;
  return `\`${fallback}\`${unit === undefined ? '' : ` ${unit}`}`;
}
