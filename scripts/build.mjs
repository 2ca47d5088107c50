import './lib/node-version.mjs';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runCommand } from './lib/stop-stack.mjs';

await runCommand(async () => {
  await ensureDependencies();
  await ensureBuild();
  return 0;
});
