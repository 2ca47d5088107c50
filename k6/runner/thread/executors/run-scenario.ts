import type { PlannedScenario } from '../../options/plan.ts';
import { type RateStretch, runArrivalRate } from './arrival-rate.ts';
import { runConstantVus, runPerVuIterations, runSharedIterations } from './iterations.ts';
import { runRampingVus } from './ramping-vus.ts';
import type { ScenarioRun } from './scenario-run.ts';

/**
 * Runs a scenario to its end on this thread: nothing new begins after its time, and what is not over by the end of its graceful stop is
 * ended.
 */
export async function runScenario(run: ScenarioRun, lastsMs: number): Promise<void> {
  const stop = setTimeout(() => run.stop(), lastsMs);
  const interrupt = setTimeout(() => run.interrupt(), lastsMs + run.scenario.gracefulStop);
  try {
    await execute(run, run.scenario);
  } finally {
    clearTimeout(stop);
    clearTimeout(interrupt);
  }
}

async function execute(run: ScenarioRun, scenario: PlannedScenario): Promise<void> {
  switch (scenario.executor) {
    case 'shared-iterations':
      return runSharedIterations(run, scenario);
    case 'per-vu-iterations':
      return runPerVuIterations(run, scenario);
    case 'constant-vus':
      return runConstantVus(run, scenario);
    case 'ramping-vus':
      return runRampingVus(run, scenario);
    case 'constant-arrival-rate': {
      const rate = scenario.rate / scenario.timeUnit;
      return arrive(run, scenario, [{ durationMs: scenario.duration, from: rate, to: rate }]);
    }
    case 'ramping-arrival-rate': {
      const rates = [scenario.startRate, ...scenario.stages.map(({ target }) => target)];
      const stretches = scenario.stages.map(({ duration, target }, index) => ({
        durationMs: duration,
        from: (rates[index] ?? 0) / scenario.timeUnit,
        to: target / scenario.timeUnit,
      }));
      return arrive(run, scenario, stretches);
    }
  }
}

function arrive(
  run: ScenarioRun,
  { preAllocatedVUs, maxVUs }: { readonly preAllocatedVUs: number; readonly maxVUs?: number | undefined },
  stretches: readonly RateStretch[],
): Promise<void> {
  return runArrivalRate(run, { stretches, preAllocatedVUs, maxVUs: Math.max(maxVUs ?? 0, preAllocatedVUs) });
}
