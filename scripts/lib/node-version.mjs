// Imported first by every command. It must parse and run on Node versions that the rest does not support.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const needed = String(manifest.engines.node).replace('>=', '');

/**
 * @param {string} version
 * @returns {number[]}
 */
function numbers(version) {
  return version.replace('v', '').split('.').map(Number);
}

const [major = 0, minor = 0] = numbers(process.version);
const [neededMajor = 0, neededMinor = 0] = numbers(needed);
if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  process.stderr.write(
    `error This is Node.js ${process.version}, and MeldeSync needs ${needed} or newer. ` +
      'Install it (https://nodejs.org) and run the command again.\n',
  );
  process.exit(1);
}
