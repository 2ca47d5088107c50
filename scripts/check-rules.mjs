// Asks promtool whether Prometheus takes our configuration and rules, and whether each alert fires when it ought to.
import { readdirSync } from 'node:fs';
import { run } from './lib/command.mjs';
import { inRoot } from './lib/paths.mjs';
import { ensurePrometheus } from './lib/prometheus-programs.mjs';
import { runCommand } from './lib/stop-stack.mjs';

/** A minute on a machine that has nothing else to do. */
const TIMEOUT_MS = 600_000;
const FOLDER = inRoot('deploy/observability/prometheus');

await runCommand(async () => {
  const { promtool } = await ensurePrometheus();
  const options = { cwd: FOLDER, timeoutMs: TIMEOUT_MS };
  await run('Checking the configuration and the rules', promtool, ['check', 'config', 'prometheus.yml'], options);
  const tests = readdirSync(`${FOLDER}/tests`).map((file) => `tests/${file}`);
  await run('Testing the alerts', promtool, ['test', 'rules', ...tests], options);
  return 0;
});
