// `npm run -s meldesync -- …`: the command line client from the checkout. Its output is the client's alone.
import './lib/node-version.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { describeError } from './lib/failure.mjs';
import { fail, silenceSteps } from './lib/log.mjs';
import { DIST } from './lib/paths.mjs';

silenceSteps();
try {
  await ensureDependencies();
  await ensureBuild(['programs']);
} catch (error) {
  fail(describeError(error));
  process.exit(1);
}

const program = join(DIST, 'cli.js');
process.argv[1] = program;
// npm changes to the checkout; file names on the command line are meant from where the person is.
process.chdir(process.env['INIT_CWD'] ?? process.cwd());
await import(pathToFileURL(program).href);
