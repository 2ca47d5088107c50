import type { Vu } from '../vu.ts';
import type { ScenarioRun } from './scenario-run.ts';
import { shareOf } from './segment.ts';

interface Stage {
  readonly duration: number;
  readonly target: number;
}

/** How often the number of VUs is adjusted. */
const STEP_MS = 50;

/** What a line through the stages has reached by then. */
export function levelAt(start: number, stages: readonly Stage[], elapsedMs: number): number {
  let from = start;
  let leftMs = elapsedMs;
  for (const { duration, target } of stages) {
    if (leftMs < duration) return from + ((target - from) * leftMs) / duration;
    leftMs -= duration;
    from = target;
  }
  return from;
}

interface RampingVu {
  readonly vu: Vu;
  /** Makes no further iteration; taken back where the number rises again before it has ended. */
  isLeaving: boolean;
  deadline: NodeJS.Timeout | undefined;
}

interface RampOptions {
  readonly startVUs: number;
  readonly stages: readonly Stage[];
  readonly gracefulRampDown: number;
}

/** `ramping-vus`: as many VUs make iterations as the stages say. */
export async function runRampingVus(run: ScenarioRun, options: RampOptions): Promise<void> {
  const running: RampingVu[] = [];
  const loops = new Set<Promise<void>>();

  const start = () => {
    const entry: RampingVu = { vu: run.lend(), isLeaving: false, deadline: undefined };
    running.push(entry);
    const loop = (async () => {
      while (!entry.isLeaving && !run.isStopped) await run.iterate(entry.vu, run.nextIteration());
      clearTimeout(entry.deadline);
      running.splice(running.indexOf(entry), 1);
      run.giveBack(entry.vu);
    })();
    loops.add(loop);
    void loop.finally(() => loops.delete(loop));
  };
  const leave = (entry: RampingVu) => {
    entry.isLeaving = true;
    entry.deadline = setTimeout(() => entry.vu.iteration?.interrupt(), options.gracefulRampDown);
  };
  const stay = (entry: RampingVu) => {
    clearTimeout(entry.deadline);
    entry.isLeaving = false;
  };

  while (!run.isStopped) {
    const level = Math.floor(levelAt(options.startVUs, options.stages, run.elapsedMs));
    const wanted = shareOf(level, run.segment);
    const staying = running.filter(({ isLeaving }) => !isLeaving);
    for (const entry of staying.slice(wanted)) leave(entry);
    const leaving = running.filter(({ isLeaving }) => isLeaving);
    for (let missing = wanted - staying.length; missing > 0; missing -= 1) {
      const entry = leaving.shift();
      if (entry) stay(entry);
      else start();
    }
    await run.pause(STEP_MS);
  }
  await Promise.all(loops);
}
