import './lib/node-version.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import docs from './lib/deploy-checks/docs.mjs';
import { step } from './lib/log.mjs';
import { runCommand } from './lib/stop-stack.mjs';

await runCommand(async () => {
  await ensureDependencies();
  for (const { subject, run } of docs) step(subject, await run());
  return 0;
});
