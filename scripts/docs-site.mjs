import './lib/node-version.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { buildSite, SITE } from './lib/docs-site.mjs';
import { answerHelp } from './lib/help.mjs';
import { since, step } from './lib/log.mjs';
import { runCommand } from './lib/stop-stack.mjs';

answerHelp(`npm run docs:site builds the pages of docs/ with VitePress, and says where.
`);

await runCommand(async () => {
  await ensureDependencies();
  const startedMs = performance.now();
  await buildSite();
  step('docs', `${SITE} after ${since(startedMs)}`);
  return 0;
});
