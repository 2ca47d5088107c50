import { findProgram, isExecutable } from './command.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { Failure } from './failure.mjs';

const CHOICES = `The browser tests need Chromium or Chrome and found none. Any one of these helps:
  - CHROMIUM_PATH=/path/to/chromium
  - chromium or google-chrome on the PATH
  - on Debian: run as root or with sudo, so that the package chromium-headless-shell can be installed`;

/**
 * A browser that is already on this machine.
 * @returns {string | undefined} the program's absolute path
 */
export function findChromium() {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (!isExecutable(chosen)) throw new Failure(`CHROMIUM_PATH names ${chosen}, which is no program.`);
    return chosen;
  }
  // The same browser without its windows, where it is a program of its own: its pages open in half the time.
  return findProgram([
    'chromium-headless-shell',
    'chromium',
    'google-chrome',
    'google-chrome-stable',
    'chromium-browser',
  ]);
}

/**
 * @returns {Promise<string>} the absolute path of a Chromium
 * @throws {Failure} naming the choices
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (canInstallPackages()) {
    await installPackages(['chromium-headless-shell'], []);
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  throw new Failure(CHOICES);
}
