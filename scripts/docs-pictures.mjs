import './lib/node-version.mjs';
import { ensureBuild } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runInForeground } from './lib/foreground.mjs';
import { answerHelp } from './lib/help.mjs';
import { inRoot } from './lib/paths.mjs';
import { sourceFile } from './lib/programs.mjs';
import { runCommand } from './lib/stop-stack.mjs';
import { startTestServices } from './lib/test-services.mjs';

answerHelp(`npm run docs:pictures takes the pictures of docs/ anew, in a browser, of a service of its own.

npm run docs:pictures -- WORD…   only those with one of these words in their name
`);

await runCommand(async (stack) => {
  await ensureDependencies();
  await ensureBuild(['web']);
  const services = await startTestServices(stack, { durable: false });
  return runInForeground(
    stack,
    'pictures',
    [...sourceFile(inRoot('docs/src/pictures/main.ts')), ...process.argv.slice(2)],
    {
      ...process.env,
      NODE_ENV: 'production',
      CHROMIUM_PATH: await ensureChromium(),
      ...services,
    },
  );
});
