// `npm run pack:cli [-- FOLDER]`: the command line client as an archive for `npm install`, which needs nothing of this checkout.
import './lib/node-version.mjs';
import { resolve } from 'node:path';
import { packCli } from './lib/cli-package.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runCommand } from './lib/stop-stack.mjs';

const [folder = '.'] = process.argv.slice(2);

await runCommand(async () => {
  await ensureDependencies();
  console.log(await packCli(resolve(process.env['INIT_CWD'] ?? '.', folder)));
  return 0;
});
