import './lib/node-version.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { buildSite, SITE } from './lib/docs-site.mjs';
import { since, step } from './lib/log.mjs';
import { runCommand } from './lib/stop-stack.mjs';

await runCommand(async () => {
  await ensureDependencies();
  const startedMs = performance.now();
  await buildSite();
  step('docs', `${SITE} after ${since(startedMs)}`);
  return 0;
});
