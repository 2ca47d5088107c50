import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure } from './failure.mjs';
import { inRoot } from './paths.mjs';

const CATALOGUE = inRoot('k6/scenarios/catalogue.json');

/**
 * What a scenario shows, and what it wants to be there.
 * @typedef {{ shows: string, people: number, records: number }} LoadScenario
 */

/**
 * @typedef {object} LoadArguments
 * @property {string} name of the scenario
 * @property {LoadScenario} scenario
 * @property {string} script
 * @property {string | undefined} url of a MeldeSync that runs already
 * @property {string | undefined} peopleFile
 * @property {string} outFolder
 * @property {Record<string, string>} environment what the script is told besides
 * @property {number | undefined} restartAtSeconds
 * @property {string} threads
 */

/** @returns {Record<string, LoadScenario>} */
export function readCatalogue() {
  return JSON.parse(readFileSync(CATALOGUE, 'utf8'));
}

/** @param {Record<string, LoadScenario>} catalogue */
export function loadUsage(catalogue) {
  const width = Math.max(...Object.keys(catalogue).map((name) => name.length));
  const lines = Object.entries(catalogue).map(([name, { shows }]) => `  ${name.padEnd(width)}  ${shows}`);
  return `npm run load -- SCENARIO [--url URL --people FILE] [--out FOLDER] [--duration 10m] [--vus 300] [--restart-at SECONDS]
                         [-e NAME=VALUE]… [--threads 1]

Scenarios:
${lines.join('\n')}

Without --url it starts a MeldeSync of its own and adds people. It uses k6 where that is on the PATH, else k6/runner. It ends with 0
where all thresholds held, with 99 where one was missed.`;
}

/**
 * @param {string[]} args
 * @param {Record<string, LoadScenario>} catalogue
 * @returns {LoadArguments}
 */
export function readLoadArguments(args, catalogue) {
  const { values, positionals } = parse(args);
  const [name, ...further] = positionals;
  const names = Object.keys(catalogue).join(', ');
  if (name === undefined) throw new Failure(`Which scenario? One of ${names}: npm run load -- SCENARIO`);
  if (further.length > 0) throw new Failure(`One scenario at a time, not also ${further.join(', ')}`);
  const scenario = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (!scenario) throw new Failure(`There is no scenario "${name}": one of ${names}`);
  const { url, people } = values;
  if (url !== undefined && !(URL.canParse(url) && /^https?:\/\/[^/]/.test(url))) {
    throw new Failure(`--url ${url}: must be an address such as https://meldesync.example`);
  }
  if (url !== undefined && people === undefined) {
    throw new Failure('--url needs --people FILE: who signs in there (k6/README.md says how the file is written)');
  }
  if (people !== undefined) requirePeople(people);
  if (values['restart-at'] !== undefined && url !== undefined) {
    throw new Failure('--restart-at restarts the nodes of a cluster that is started here: not together with --url');
  }
  const restartAt = number('--restart-at', values['restart-at']);
  const vus = number('--vus', values.vus);
  return {
    name,
    scenario,
    script: inRoot(`k6/scenarios/${name}.ts`),
    url: url === undefined ? undefined : new URL(url).origin,
    peopleFile: people === undefined ? undefined : resolve(people),
    outFolder: resolve(values.out ?? inRoot(`.data/load-${name}`)),
    restartAtSeconds: restartAt,
    threads: values.threads,
    environment: {
      ...Object.fromEntries(values.env.map(pair)),
      ...(vus === undefined ? {} : { VUS: String(vus) }),
      ...(values.duration === undefined ? {} : { DURATION: values.duration }),
      ...(restartAt === undefined ? {} : { RESTART_AT: String(restartAt) }),
    },
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        people: { type: 'string' },
        out: { type: 'string' },
        duration: { type: 'string' },
        vus: { type: 'string' },
        'restart-at': { type: 'string' },
        env: { type: 'string', short: 'e', multiple: true, default: [] },
        threads: { type: 'string', default: '1' },
      },
    });
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : String(error)} (npm run load -- --help)`);
  }
}

/** @param {string} text @returns {[string, string]} */
function pair(text) {
  const equals = text.indexOf('=');
  if (equals < 1) throw new Failure(`-e ${text}: must be NAME=VALUE`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/**
 * @param {string} option
 * @param {string | undefined} text
 */
function number(option, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Failure(`${option} ${text}: must be a whole number from 1 on`);
  return value;
}

/** @param {string} file */
function requirePeople(file) {
  if (!existsSync(file)) throw new Failure(`--people ${file}: there is no such file`);
  try {
    const { people, workspace } = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(people) && people.length > 0 && typeof workspace === 'string') return;
  } catch {
    // Said below, as for JSON of another shape.
  }
  throw new Failure(`--people ${file}: must be JSON with a workspace and people (k6/README.md says how it is written)`);
}
