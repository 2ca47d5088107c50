import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { run, runToEnd } from '../command.mjs';
import { Failure } from '../failure.mjs';
import { fingerprint } from '../fingerprint.mjs';
import { ensureHelm } from '../helm-program.mjs';
import { inRoot } from '../paths.mjs';
import { podSecurityProblems } from '../pod-security.mjs';
import { ensurePythonTool, ensureToolsPython } from '../python-tools.mjs';

const CHART = 'deploy/helm/meldesync';
const EXAMPLES = 'deploy/helm/examples';
const RENDERED = `${EXAMPLES}/rendered`;

/** The process ends itself after so long, once it was told to. */
const STOP_SECONDS = 30;

/** Oldest and newest Kubernetes that the manifests are validated for. */
const VERSIONS = ['1.29', '1.37'];

/**
 * Values that are refused, what is added to the least, and what the refusal must name.
 * @type {{ values: Record<string, unknown>, names: string }[]}
 */
const REFUSED = [
  { values: { baseUrl: undefined }, names: 'baseUrl' },
  { values: { baseUrl: 'meldesync.example' }, names: 'baseUrl' },
  { values: { image: {} }, names: 'repository' },
  { values: { replicas: 3 }, names: 'replicas' },
  { values: { node: { replicas: 'three' } }, names: 'replicas' },
  { values: { node: { settings: { LOG_LEVEL: 'loud' } } }, names: 'LOG_LEVEL' },
  { values: { node: { settings: { LOG_LEVLE: 'info' } } }, names: 'LOG_LEVLE' },
  { values: { node: { settings: { AUTH_SECRET: 'not in values' } } }, names: 'AUTH_SECRET' },
  { values: { relay: { settings: { HOLD_BACK_MS: 5 } } }, names: 'HOLD_BACK_MS' },
  { values: { worker: { settings: { IMPORT_CONCURRENCY: 99 } } }, names: 'IMPORT_CONCURRENCY' },
  { values: { shutdown: { graceSeconds: 10 } }, names: 'graceSeconds' },
  { values: { trustedProxies: ['10.42.0.0/16'] }, names: 'networkPolicy' },
  { values: { trustedProxies: ['10.42.0.0/16'], networkPolicy: { ingressFrom: [] } }, names: 'ingressFrom' },
];

const exampleNames = () =>
  readdirSync(inRoot(EXAMPLES))
    .filter((name) => name.endsWith('.yaml'))
    .toSorted();

/** @param {string} name */
const readExample = (name) => parse(readFileSync(inRoot(EXAMPLES, name), 'utf8'));

/** Of all that the manifests are made from. */
const chartFingerprint = () =>
  fingerprint([
    inRoot(CHART, 'Chart.yaml'),
    inRoot(CHART, 'values.yaml'),
    inRoot(CHART, 'templates'),
    ...exampleNames().map((name) => inRoot(EXAMPLES, name)),
  ]);

/** @typedef {{ kind: string, metadata: { name: string }, spec: { template: { spec: import('../pod-security.mjs').PodSpec & { terminationGracePeriodSeconds?: number } } } }} Manifest */

/** @returns {Manifest[]} with pods in them */
function manifestsWithPods() {
  return exampleNames()
    .flatMap((name) => parseAllDocuments(readFileSync(inRoot(RENDERED, name), 'utf8')))
    .map((document) => document.toJS())
    .filter((manifest) => manifest?.spec?.template !== undefined);
}

const VALIDATE = `
import json, sys
from jsonschema import Draft202012Validator
schema, cases = json.load(sys.stdin)
Draft202012Validator.check_schema(schema)
for values in cases:
    errors = Draft202012Validator(schema).iter_errors(values)
    print(json.dumps([f"{error.json_path}: {error.message}" for error in errors]))
`;

/**
 * What the schema of the values has against each of these.
 * @param {unknown[]} cases
 * @returns {Promise<string[][]>}
 */
async function validate(cases) {
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-values-'));
  try {
    const file = join(folder, 'input.json');
    const schema = JSON.parse(readFileSync(inRoot(CHART, 'values.schema.json'), 'utf8'));
    writeFileSync(file, JSON.stringify([schema, cases]));
    const script = VALIDATE.replace('sys.stdin', 'open(sys.argv[1])');
    const output = await run('Validating values', await ensureToolsPython(), ['-c', script, file]);
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Record<string, unknown>} values */
const withLeast = (values) => ({ ...readExample('least.yaml'), ...values });

/** @type {import('../../check-deploy.mjs').DeployCheck[]} */
export default [
  {
    tool: 'helm',
    subject: CHART,
    isSlow: true,
    run: async () => {
      const helm = await ensureHelm();
      const chart = inRoot(CHART);
      mkdirSync(inRoot(RENDERED), { recursive: true });
      for (const name of exampleNames()) {
        const values = ['--values', inRoot(EXAMPLES, name)];
        await run('helm lint', helm, ['lint', '--strict', chart, ...values]);
        const manifests = await run('helm template', helm, [
          'template',
          'meldesync',
          chart,
          '--namespace',
          'meldesync',
          ...values,
        ]);
        const head = `# helm template of the chart with ${basename(name)}, written by npm run check:deploy -- --all helm. Made from ${chartFingerprint()}\n`;
        writeFileSync(inRoot(RENDERED, name), head + manifests.replaceAll(/[ \t]+$/gm, ''));
      }
      for (const { values, names } of REFUSED) {
        const file = inRoot(`.data/tools/values-${process.pid}.yaml`);
        writeFileSync(file, stringify(withLeast(values)));
        const { status, output } = await runToEnd(helm, ['template', 'meldesync', chart, '--values', file]);
        rmSync(file);
        const lines = output.split('\n').filter((line) => line.startsWith('- at'));
        if (status === 0 || lines.length !== 1 || !lines[0]?.includes(names))
          throw new Failure(`expected one line on ${names}:\n${output}`);
      }
      const version = await run('helm', helm, ['version', '--template', '{{ .Version }}']);
      return `${version}, lints and renders ${exampleNames().length} sets of values, refuses ${REFUSED.length} in a line each`;
    },
  },
  {
    tool: 'jsonschema',
    subject: `${CHART}/values.schema.json`,
    run: async () => {
      const good = [
        parse(readFileSync(inRoot(CHART, 'values.yaml'), 'utf8')),
        ...exampleNames().map((name) => readExample(name)),
      ].map((values) => ({ ...readExample('least.yaml'), ...values }));
      // The defaults have no repository: that is to be given.
      good[0].image = { ...good[0].image, repository: 'registry.example/meldesync' };
      const said = await validate([...good, ...REFUSED.map(({ values }) => withLeast(values))]);
      const refusedThough = said.slice(0, good.length).flat();
      if (refusedThough.length > 0) throw new Failure(`refused, though right:\n${refusedThough.join('\n')}`);
      for (const [index, { names }] of REFUSED.entries()) {
        const [error = '', ...others] = said[good.length + index] ?? [];
        if (others.length > 0 || !error.includes(names)) {
          throw new Failure(`expected one error that names ${names}, and got: ${[error, ...others].join('; ')}`);
        }
      }
      return `takes ${good.length} sets of values, refuses ${REFUSED.length} in a line each`;
    },
  },
  {
    tool: 'kubernetes-validate',
    subject: RENDERED,
    run: async () => {
      const program = await ensurePythonTool('kubernetes-validate');
      const stale = exampleNames().filter(
        (name) => !readFileSync(inRoot(RENDERED, name), 'utf8').includes(chartFingerprint()),
      );
      if (stale.length > 0)
        throw new Failure(`${stale.join(', ')}: the chart has changed. npm run check:deploy -- --all helm`);
      let passed = 0;
      const files = exampleNames().map((name) => inRoot(RENDERED, name));
      for (const version of VERSIONS) {
        const { status, output } = await runToEnd(program, ['--strict', '--kubernetes-version', version, ...files]);
        const bad = output
          .split('\n')
          .filter((line) => /^(ERROR|WARN)/.test(line) && !line.includes('kind ServiceMonitor'));
        if (status !== 0 || bad.length > 0) throw new Failure(bad.join('\n') || output);
        passed += output.split('\n').filter((line) => line.includes(' passed for resource ')).length;
      }
      return `${passed} manifests right for Kubernetes ${VERSIONS.join(' and ')}`;
    },
  },
  {
    tool: 'PodSecurity',
    subject: `${RENDERED}: restricted`,
    run: async () => {
      const problems = manifestsWithPods().flatMap(({ kind, metadata, spec }) =>
        podSecurityProblems(spec.template.spec).map((problem) => `${kind} ${metadata.name}: ${problem}`),
      );
      if (problems.length > 0) throw new Failure(problems.join('\n'));
      const { shutdown } = parse(readFileSync(inRoot(CHART, 'values.yaml'), 'utf8'));
      if (shutdown.graceSeconds <= shutdown.waitSeconds + STOP_SECONDS) {
        throw new Failure(
          `a pod is killed after ${shutdown.graceSeconds} s, and may need ${shutdown.waitSeconds} s and ${STOP_SECONDS} s`,
        );
      }
      return `${manifestsWithPods().length} pods hold to it; told to end, they have ${shutdown.graceSeconds} s`;
    },
  },
];
