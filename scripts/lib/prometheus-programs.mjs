import { findProgram } from './command.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { Failure } from './failure.mjs';

const CHOICES = `Prometheus and promtool are needed and were not found. Either of these helps:
  - prometheus and promtool on the PATH
  - on Debian or Ubuntu: run as root or with sudo, so that the package prometheus can be installed`;

/** @typedef {{ prometheus: string, promtool: string }} PrometheusPrograms their absolute paths */

/** @returns {PrometheusPrograms | undefined} */
function findPrometheus() {
  const prometheus = findProgram(['prometheus']);
  const promtool = findProgram(['promtool']);
  return prometheus === undefined || promtool === undefined ? undefined : { prometheus, promtool };
}

/**
 * Prometheus and what checks its rules: what is there, else Debian's package, whose service stays off.
 * @returns {Promise<PrometheusPrograms>}
 * @throws {Failure} naming the choices
 */
export async function ensurePrometheus() {
  const found = findPrometheus();
  if (found !== undefined) return found;
  if (canInstallPackages()) {
    await installPackages(['prometheus'], ['prometheus']);
    const installed = findPrometheus();
    if (installed !== undefined) return installed;
  }
  throw new Failure(CHOICES);
}
