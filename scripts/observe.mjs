import './lib/node-version.mjs';
import { parseArgs } from 'node:util';
import { chooseServicePort } from './lib/data-folder.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { Failure } from './lib/failure.mjs';
import { runInForeground } from './lib/foreground.mjs';
import { paint, step } from './lib/log.mjs';
import { inRoot } from './lib/paths.mjs';
import { sourceFile } from './lib/programs.mjs';
import { ensurePrometheus } from './lib/prometheus-programs.mjs';
import { findScrapeTargets } from './lib/scrape-targets.mjs';
import { readSettings } from './lib/settings.mjs';
import { runCommand } from './lib/stop-stack.mjs';

const HELP = `npm run observe watches the cluster that npm start or npm run dev runs on the same DATA_DIR: Prometheus with the rules and
alerts of deploy/observability, until Ctrl-C. Dashboards for a Grafana lie in deploy/observability/dashboards.

npm run observe -- --validate-collector PATH  tries the Collector's configuration with a Collector (deploy/observability/README.md)
`;

const { values } = parseArgs({
  options: { help: { type: 'boolean' }, 'validate-collector': { type: 'string' } },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

/**
 * @param {string} address of Prometheus
 * @param {import('./lib/scrape-targets.mjs').ScrapeTarget[]} targets
 * @param {string} dataDir
 */
function printAddresses(address, targets, dataDir) {
  const lines = [
    '',
    `  ${paint('bold', 'Prometheus')}   ${paint('green', address)}`,
    `  Alerts       ${address}/alerts`,
    `  Watches      ${targets.map(({ labels }) => labels.instance).join(', ')}   ${paint('dim', `${address}/targets`)}`,
    `  Grafana      add ${address} as a data source, import deploy/observability/dashboards/*.json`,
    `  Data         ${paint('dim', dataDir)}`,
    '  Stop         Ctrl-C; what was measured stays for the next start',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** @param {import('./lib/stop-stack.mjs').StopStack} stack */
async function watchCluster(stack) {
  const { dataDir } = readSettings(process.env, 'production');
  const targets = await findScrapeTargets(dataDir);
  if (targets.length === 0) {
    throw new Failure(
      `No cluster runs on ${dataDir}. Start one in another terminal with npm start, or say with DATA_DIR which one is meant.`,
    );
  }
  const [{ prometheus }] = await Promise.all([ensurePrometheus(), ensureDependencies()]);
  const port = await chooseServicePort(dataDir, 'prometheus', undefined);
  // It reads YAML, by a package that may just have been installed.
  const { startPrometheus } = await import('./lib/prometheus-server.mjs');
  const address = await startPrometheus(stack, { program: prometheus, dataDir, port, targets });
  step('prometheus', `${prometheus} on ${address}`);
  printAddresses(address, targets, dataDir);
}

const collector = values['validate-collector'];
if (collector === undefined) {
  await runCommand(
    async (stack) => {
      await watchCluster(stack);
      return new Promise(() => {});
    },
    { untilStopped: true },
  );
} else {
  await runCommand(async (stack) => {
    await ensureDependencies();
    const program = sourceFile(inRoot('deploy/observability/collector/src/validate.ts'));
    return runInForeground(stack, 'collector check', [...program, collector], process.env);
  });
}
