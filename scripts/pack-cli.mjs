// `npm run pack:cli [-- FOLDER]`: the command line client as an archive for `npm install`, which needs nothing of this checkout.
import './lib/node-version.mjs';
import { resolve } from 'node:path';
import { packCli } from './lib/cli-package.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { answerHelp } from './lib/help.mjs';
import { runCommand } from './lib/stop-stack.mjs';

answerHelp(`npm run pack:cli makes an archive of the command line client for npm install, which needs nothing of this checkout, in this folder.

npm run pack:cli -- FOLDER   in another one
`);

const [folder = '.'] = process.argv.slice(2);

await runCommand(async () => {
  await ensureDependencies();
  console.log(await packCli(resolve(process.env['INIT_CWD'] ?? '.', folder)));
  return 0;
});
