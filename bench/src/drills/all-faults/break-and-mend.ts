import { setTimeout as sleep } from 'node:timers/promises';
import { type Breakage, type Fault, type FaultScene, NotMade } from './fault.ts';

/**
 * Makes a fault, for as long as it lasts.
 * @returns how often something was really done, and what those found who looked on
 * @throws {NotMade}
 */
export async function breakAndMend(fault: Fault, scene: FaultScene): Promise<{ made: number; fellShort: string[] }> {
  const over = new AbortController();
  const breakage = await started(fault, scene);
  let made = 0;
  let watching: Promise<string[]> = Promise.resolve([]);
  try {
    watching = breakage.watch?.(AbortSignal.any([over.signal, scene.signal])) ?? watching;
    // It is awaited below, or the run is over.
    watching.catch(() => undefined);
    await sleep(fault.seconds * 1_000, undefined, { signal: scene.signal });
  } finally {
    over.abort();
    await Promise.allSettled([watching]);
    made = await breakage.mend();
  }
  if (made === 0) throw new NotMade(`${fault.name} did nothing (${fault.what})`);
  return { made, fellShort: await watching };
}

async function started(fault: Fault, scene: FaultScene): Promise<Breakage> {
  try {
    return await fault.start(scene);
  } catch (error) {
    scene.signal.throwIfAborted();
    throw new NotMade(`${fault.name} could not be made: ${error instanceof Error ? error.message : String(error)}`);
  }
}
