import './lib/node-version.mjs';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { answerHelp } from './lib/help.mjs';
import { runCommand } from './lib/stop-stack.mjs';

answerHelp(`npm run build builds the programs and the page into dist/, unless they are built as they are now.
`);

await runCommand(async () => {
  await ensureDependencies();
  await ensureBuild();
  return 0;
});
