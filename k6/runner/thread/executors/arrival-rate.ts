import type { Vu } from '../vu.ts';
import type { ScenarioRun } from './scenario-run.ts';
import { shareOf } from './segment.ts';

/** A stretch of time over which a rate goes in a straight line from one value to another; rates in iterations a millisecond. */
export interface RateStretch {
  readonly durationMs: number;
  readonly from: number;
  readonly to: number;
}

/** When the iteration with this number begins, counted from zero, in milliseconds after the start; undefined after the end. */
export function beginsAtMs(stretches: readonly RateStretch[], number: number): number | undefined {
  let wanted = number;
  let startMs = 0;
  for (const { durationMs, from, to } of stretches) {
    const within = ((from + to) / 2) * durationMs;
    if (wanted < within) {
      const slope = (to - from) / durationMs;
      // The smaller root of from·t + slope·t²/2 = wanted, written so that a slope of nothing divides by nothing.
      const root = Math.sqrt(Math.max(0, from * from + 2 * slope * wanted));
      return startMs + (wanted === 0 ? 0 : (2 * wanted) / (from + root));
    }
    wanted -= within;
    startMs += durationMs;
  }
  return undefined;
}

interface ArrivalOptions {
  readonly stretches: readonly RateStretch[];
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
}

/** `constant-arrival-rate` and `ramping-arrival-rate`: iterations begin when it is their time, whether others have ended or not. */
export async function runArrivalRate(run: ScenarioRun, options: ArrivalOptions): Promise<void> {
  const most = shareOf(options.maxVUs, run.segment);
  const free: Vu[] = Array.from({ length: shareOf(options.preAllocatedVUs, run.segment) }, () => run.lend());
  let lent = free.length;
  const running = new Set<Promise<void>>();

  const begin = () => {
    let vu = free.pop();
    if (!vu && lent < most) {
      lent += 1;
      vu = run.lend();
    }
    if (!vu) {
      run.drop();
      return;
    }
    const lentVu = vu;
    const iteration = run.iterate(lentVu, run.nextIteration()).then(() => {
      running.delete(iteration);
      free.push(lentVu);
    });
    running.add(iteration);
  };

  const { index, count } = run.segment;
  for (let number = index; !run.isStopped; number += count) {
    const beginMs = beginsAtMs(options.stretches, number);
    if (beginMs === undefined) break;
    const waitMs = beginMs - run.elapsedMs;
    if (waitMs > 0) await run.pause(waitMs);
    if (run.isStopped) break;
    begin();
  }
  await Promise.all(running);
  for (const vu of free) run.giveBack(vu);
}
