import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whyNotReady } from './app-process.mjs';

/**
 * What Prometheus asks, in the form of its files of targets.
 * @typedef {{ targets: string[], labels: { job: string, instance: string } }} ScrapeTarget
 */

const OF_METRICS = / metrics$/;

/**
 * What kind of process a name means, as the job of its target.
 * @param {string} name `relay`, `worker`, `node-1`
 */
function jobOf(name) {
  return `meldesync-${name.replace(/-\d+$/, '')}`;
}

/**
 * The processes of a cluster that answer now. The data folder keeps the ports of a start that has ended, so that each is asked.
 * @param {string} dataDir
 * @returns {Promise<ScrapeTarget[]>} none where no cluster runs
 */
export async function findScrapeTargets(dataDir) {
  const file = join(dataDir, 'ports.json');
  /** @type {Record<string, number>} */
  const ports = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const known = Object.entries(ports).filter(([service]) => OF_METRICS.test(service));
  const found = await Promise.all(
    known.map(async ([service, port]) => {
      const address = `127.0.0.1:${port}`;
      const name = service.replace(OF_METRICS, '');
      if ((await whyNotReady(`http://${address}/healthz`)) !== undefined) return [];
      return [{ targets: [address], labels: { job: jobOf(name), instance: name } }];
    }),
  );
  return found.flat();
}
