// Asks the registry whether something is known against the packages of the lock file. Where its service is not reached, that is said with a
// status of its own: nothing is known then, and nothing was found to be well.
import { readFileSync } from 'node:fs';
import { runToEnd } from './lib/command.mjs';
import { inRoot, ROOT } from './lib/paths.mjs';
import { judgeAudit } from './lib/supply/advisories.mjs';
import { NOT_KNOWN } from './lib/supply/not-known.mjs';
import { shippedPackages } from './lib/supply/shipped.mjs';

/** A registry that does not answer keeps nobody from working. */
const TIMEOUT_MS = 60_000;

const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
const { stdout } = await runToEnd('npm', ['audit', '--json', '--fetch-retries=0', '--fetch-timeout=20000'], {
  cwd: ROOT,
  timeoutMs: TIMEOUT_MS,
});
const { isAsked, grave, summary } = judgeAudit(stdout, shippedPackages(packages));
process.stdout.write(`${[summary, ...grave].join('\n')}\n`);
if (!isAsked) process.exitCode = NOT_KNOWN;
else if (grave.length > 0) process.exitCode = 1;
