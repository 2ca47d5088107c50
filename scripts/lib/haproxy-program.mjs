import { findProgram, isExecutable } from './command.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { Failure } from './failure.mjs';

const CHOICES = `HAProxy is needed and was not found. Either of these helps:
  - haproxy, 2.6 or newer, on the PATH
  - on Debian or Ubuntu: run as root or with sudo, so that the package haproxy can be installed`;

/** Where Debian puts it, and where only root's PATH leads. */
const OF_DEBIAN = '/usr/sbin/haproxy';

function findHaproxy() {
  return findProgram(['haproxy']) ?? (isExecutable(OF_DEBIAN) ? OF_DEBIAN : undefined);
}

/**
 * HAProxy: what is there, else Debian's package, whose service stays off.
 * @returns {Promise<string>} the program's absolute path
 * @throws {Failure} naming the choices
 */
export async function ensureHaproxy() {
  const found = findHaproxy();
  if (found !== undefined) return found;
  if (canInstallPackages()) {
    await installPackages(['haproxy'], ['haproxy']);
    const installed = findHaproxy();
    if (installed !== undefined) return installed;
  }
  throw new Failure(CHOICES);
}
