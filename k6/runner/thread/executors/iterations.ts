import type { ScenarioRun } from './scenario-run.ts';
import { shareOf } from './segment.ts';

interface Shape {
  readonly vus: number;
  readonly iterations: number;
}

/** `shared-iterations`: VUs take from a number of iterations that all have together. */
export async function runSharedIterations(run: ScenarioRun, { vus, iterations }: Shape): Promise<void> {
  await eachVu(run, shareOf(Math.min(vus, iterations), run.segment), async (iterate) => {
    for (let number = run.nextIteration(); number < iterations; number = run.nextIteration()) {
      await iterate(number);
      if (run.isStopped) return;
    }
  });
}

/** `per-vu-iterations`: each VU makes a number of iterations. */
export async function runPerVuIterations(run: ScenarioRun, { vus, iterations }: Shape): Promise<void> {
  await eachVu(run, shareOf(vus, run.segment), async (iterate) => {
    for (let made = 0; made < iterations && !run.isStopped; made += 1) await iterate(run.nextIteration());
  });
}

/** `constant-vus`: each VU makes iterations until time is up. */
export async function runConstantVus(run: ScenarioRun, { vus }: Pick<Shape, 'vus'>): Promise<void> {
  await eachVu(run, shareOf(vus, run.segment), async (iterate) => {
    while (!run.isStopped) await iterate(run.nextIteration());
  });
}

type Iterate = (number: number) => Promise<void>;

/** Runs a loop on each of a number of VUs. */
async function eachVu(run: ScenarioRun, count: number, loop: (iterate: Iterate) => Promise<void>): Promise<void> {
  const vus = Array.from({ length: count }, () => run.lend());
  await Promise.all(
    vus.map(async (vu) => {
      await loop((number) => run.iterate(vu, number));
      run.giveBack(vu);
    }),
  );
}
