import './lib/node-version.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import docs from './lib/deploy-checks/docs.mjs';
import { answerHelp } from './lib/help.mjs';
import { step } from './lib/log.mjs';
import { runCommand } from './lib/stop-stack.mjs';

answerHelp(`npm run docs:check builds the pages of docs/ and follows their links.
`);

await runCommand(async () => {
  await ensureDependencies();
  for (const { subject, run } of docs) step(subject, await run());
  return 0;
});
