// npm run release: packs what runs on a machine without a checkout into one archive.
import './lib/node-version.mjs';
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { answerHelp } from './lib/help.mjs';
import { inRoot } from './lib/paths.mjs';
import { makeRelease } from './lib/release.mjs';
import { runCommand } from './lib/stop-stack.mjs';

answerHelp(`npm run release packs what runs on a machine without a checkout into one archive, in release/, and says its SHA-256.

npm run release -- --out FOLDER   into another folder
`);

await runCommand(async () => {
  const { values } = parseArgs({ options: { out: { type: 'string', default: inRoot('release') } } });
  await ensureDependencies();
  await ensureBuild();
  mkdirSync(values.out, { recursive: true });
  const { archive, sha256 } = await makeRelease(values.out);
  process.stdout.write(`${archive}\nsha256 ${sha256}\n`);
  return 0;
});
