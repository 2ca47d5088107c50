import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { whyNotReady } from './app-process.mjs';
import { inRoot } from './paths.mjs';
import { startService } from './service.mjs';

const START_PATIENCE_MS = 60_000;
const GRACE_MS = 10_000;
const CONFIGURATION = inRoot('deploy/observability/prometheus/prometheus.yml');

/**
 * The configuration of `deploy/observability`, with its rules where they lie and other targets.
 * @param {string} targetsFile
 */
function configuration(targetsFile) {
  const deployed = parse(readFileSync(CONFIGURATION, 'utf8'));
  const [scrape] = deployed.scrape_configs;
  return {
    ...deployed,
    rule_files: [inRoot('deploy/observability/prometheus/rules/*.yml')],
    scrape_configs: [{ ...scrape, file_sd_configs: [{ files: [targetsFile] }] }],
  };
}

/**
 * Starts Prometheus on the loopback address, and waits until it answers. It keeps what it has measured in the data folder.
 * @param {import('./stop-stack.mjs').StopStack} stack
 * @param {object} order
 * @param {string} order.program
 * @param {string} order.dataDir
 * @param {number} order.port
 * @param {import('./scrape-targets.mjs').ScrapeTarget[]} order.targets
 * @returns {Promise<string>} its address
 */
export async function startPrometheus(stack, { program, dataDir, port, targets }) {
  const folder = join(dataDir, 'prometheus');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const targetsFile = join(folder, 'targets.json');
  const configurationFile = join(folder, 'prometheus.yml');
  writeFileSync(targetsFile, JSON.stringify(targets, null, 2));
  writeFileSync(configurationFile, stringify(configuration(targetsFile)));

  const address = `http://127.0.0.1:${port}`;
  const service = startService(stack, 'prometheus', {
    command: program,
    args: [
      `--config.file=${configurationFile}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
    ],
    cwd: folder,
    logFile: join(dataDir, 'logs/prometheus.log'),
    stopSignal: 'SIGTERM',
    killSignal: 'SIGKILL',
    graceMs: GRACE_MS,
    removeFolders: [],
  });
  await service.waitUntil(async () => (await whyNotReady(`${address}/-/ready`)) === undefined, START_PATIENCE_MS);
  return address;
}
