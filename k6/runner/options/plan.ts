import { ConfigurationError } from '../exit.ts';
import { parseThreshold, type Threshold } from '../metrics/threshold.ts';
import { optionsSchema, type ScenarioOptions, type ScriptOptions } from './options-schema.ts';

/** A scenario with all that it leaves open filled in; times in milliseconds. */
export type PlannedScenario = ScenarioOptions & {
  readonly name: string;
  readonly exec: string;
  readonly startTime: number;
  readonly gracefulStop: number;
};

/** A part of a metric's values that a threshold is about. */
export interface Submetric {
  /** As the script writes it: `metric{scenario:day}`. */
  readonly key: string;
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What is to be run. Threads are given it as a message. */
export interface Plan {
  readonly options: ScriptOptions;
  readonly scenarios: readonly PlannedScenario[];
  readonly thresholds: readonly Threshold[];
  readonly submetrics: readonly Submetric[];
}

const GRACEFUL_STOP_MS = 30_000;

/** Reads what a script exports as `options`. @throws ConfigurationError in one line that names what is wrong */
export function makePlan(exported: unknown, functions: readonly string[]): Plan {
  const parsed = optionsSchema.safeParse(exported ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigurationError(`options.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
  }
  const options = parsed.data;
  const scenarios = Object.entries(options.scenarios ?? { default: defaultScenario(options) }).map(
    ([name, scenario]): PlannedScenario => ({
      ...scenario,
      name,
      exec: scenario.exec ?? 'default',
      startTime: scenario.startTime ?? 0,
      gracefulStop: scenario.gracefulStop ?? GRACEFUL_STOP_MS,
    }),
  );
  for (const { name, exec } of scenarios) {
    if (functions.includes(exec)) continue;
    throw new ConfigurationError(`options.scenarios.${name}: the script exports no function "${exec}"`);
  }
  const thresholds = Object.entries(options.thresholds ?? {}).flatMap(([key, list]) =>
    list.map((threshold) => parseThreshold(key, threshold)),
  );
  const submetrics = [...new Set(thresholds.map(({ key }) => key))].flatMap((key) => readSubmetric(key) ?? []);
  return { options, scenarios, thresholds, submetrics };
}

/** What k6 makes of options without scenarios. */
function defaultScenario({ vus, duration, iterations, stages }: ScriptOptions): ScenarioOptions {
  if (iterations !== undefined)
    return { executor: 'shared-iterations', vus: vus ?? 1, iterations, maxDuration: duration ?? 600_000 };
  if (duration !== undefined) return { executor: 'constant-vus', vus: vus ?? 1, duration };
  if (stages !== undefined)
    return { executor: 'ramping-vus', startVUs: vus ?? 1, stages, gracefulRampDown: GRACEFUL_STOP_MS };
  return { executor: 'per-vu-iterations', vus: vus ?? 1, iterations: 1, maxDuration: 600_000 };
}

/** @returns undefined for a metric as a whole */
function readSubmetric(key: string): Submetric | undefined {
  const [, metric, list] = /^([^{]+)\{(.*)\}$/.exec(key) ?? [];
  if (metric === undefined || list === undefined) return undefined;
  const pairs = list.split(',').map((pair) => {
    const colon = pair.indexOf(':');
    if (colon < 1) throw new ConfigurationError(`options.thresholds.${key}: "${pair}" is not written name:value`);
    return [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()] as const;
  });
  return { key, metric, tags: Object.fromEntries(pairs) };
}

/** How many VUs a scenario has at most. */
export function mostVus(scenario: PlannedScenario): number {
  switch (scenario.executor) {
    case 'ramping-vus':
      return Math.max(scenario.startVUs, ...scenario.stages.map(({ target }) => target));
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return Math.max(scenario.maxVUs ?? 0, scenario.preAllocatedVUs);
    case 'shared-iterations':
      return Math.min(scenario.vus, scenario.iterations);
    case 'per-vu-iterations':
    case 'constant-vus':
      return scenario.vus;
  }
}

/** How long a scenario takes at most, from its start on and without its graceful stop. */
export function longestMs(scenario: PlannedScenario): number {
  switch (scenario.executor) {
    case 'ramping-vus':
    case 'ramping-arrival-rate':
      return scenario.stages.reduce((sum, { duration }) => sum + duration, 0);
    case 'shared-iterations':
    case 'per-vu-iterations':
      return scenario.maxDuration;
    case 'constant-vus':
    case 'constant-arrival-rate':
      return scenario.duration;
  }
}
