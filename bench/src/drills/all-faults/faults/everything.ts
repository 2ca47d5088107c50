import type { Breakage, Fault } from '../fault.ts';
import * as postgres from './postgres.ts';
import * as processes from './processes.ts';
import * as redis from './redis.ts';

type Start = Fault['start'];

/** The servers are gone and no word passes on any line, as when a machine room has no current; what is left of us waits. */
export const serversAway: Start = async (scene) => {
  const lines = Object.values(scene.stage.lines);
  for (const line of lines) line.silence();
  const gone = await all([redis.kill(scene), postgres.crash(scene)]);
  return {
    mend: async () => {
      const made = await gone.mend();
      for (const line of lines) line.restore();
      return made;
    },
  };
};

/** The same, and our own processes are gone too. */
export const everythingKilled: Start = async (scene) =>
  all([processes.killAll(scene), redis.kill(scene), postgres.crash(scene)]);

/** Several at once, mended in the other order, so that what stands on others comes last. */
async function all(breaking: readonly Promise<Breakage>[]): Promise<Breakage> {
  const broken = await Promise.all(breaking);
  return {
    mend: async () => {
      const made: number[] = [];
      for (const one of broken.toReversed()) made.push(await one.mend());
      return Math.min(...made);
    },
  };
}
