import { findProgram, isExecutable } from './command.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { Failure } from './failure.mjs';

/** @param {string} name */
function find(name) {
  // Debian's PATH of people other than root lacks it.
  const administrators = `/usr/sbin/${name}`;
  return findProgram([name]) ?? (isExecutable(administrators) ? administrators : undefined);
}

/**
 * A program of Debian's: what is there, else from its package, whose services stay off.
 * @param {string} name
 * @param {string} debianPackage
 * @param {string[]} [services] that the package brings
 * @returns {Promise<string>} its absolute path
 */
export async function ensureProgram(name, debianPackage, services = []) {
  if (find(name) === undefined && canInstallPackages()) await installPackages([debianPackage], services);
  const found = find(name);
  if (found === undefined) {
    throw new Failure(`${name} is needed and was not found. On Debian it comes with: apt-get install ${debianPackage}`);
  }
  return found;
}
