import { existsSync, readFileSync } from 'node:fs';

const PRESSURE = '/proc/pressure/cpu';

/**
 * Reads for how long some process of the machine has had to wait for a processor, in milliseconds since the machine started.
 * @param pressure content of /proc/pressure/cpu
 */
export function parseWaitedMs(pressure: string): number {
  const total = /^some .*\btotal=(\d+)/m.exec(pressure)?.[1];
  if (total === undefined) throw new Error('not the content of /proc/pressure/cpu');
  return Number(total) / 1_000;
}

/** Watches, from when it is made, how short the machine is of processors. */
export class ProcessorWatch {
  readonly #sinceMs = performance.now();
  readonly #waitedMs = waitedMs();

  /** The share of the time, 0 to 1, in which some process waited for a processor; null where Linux does not say. */
  shortShare(): number | null {
    const waited = waitedMs();
    if (waited === null || this.#waitedMs === null) return null;
    return Math.min(1, Math.round((100 * (waited - this.#waitedMs)) / (performance.now() - this.#sinceMs)) / 100);
  }
}

function waitedMs(): number | null {
  return existsSync(PRESSURE) ? parseWaitedMs(readFileSync(PRESSURE, 'utf8')) : null;
}
