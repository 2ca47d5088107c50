import type { Tags } from '../metrics/registry.ts';
import type { ScriptOptions } from '../options/options-schema.ts';
import type { PlannedScenario } from '../options/plan.ts';
import { Iteration, type Outcome } from './iteration.ts';
import type { ThreadHost } from './thread-host.ts';

/** Where a VU stands in its scenario. */
export interface Activity {
  readonly scenario: PlannedScenario;
  readonly startedAtMs: number;
  /** Share of the scenario that has passed. */
  readonly progress: () => number;
}

/** One simulated person: the script's modules are instantiated for each, so that what stands at the top of a file is its own. */
export class Vu {
  readonly id: number;
  readonly host: ThreadHost;
  /** `__ENV`; a scenario may add to it. */
  readonly env: Record<string, string> = {};
  /** Tags that the script itself gives to all further values of this VU. */
  readonly ownTags: Record<string, string> = {};
  /** Random numbers that the script may seed. */
  readonly math: Math = Object.create(Math) as Math;
  /** Tags of all values: of the run, the scenario, the group, and its own. */
  tags: Tags = {};
  group = '';
  activity: Activity | undefined;
  iteration: Iteration | undefined;
  iterationsInScenario = 0;
  iterationsInTest = 0;
  /** Of its scenario, across all threads. */
  iterationInTest = 0;
  /** Nobody else is on the thread: it may be blocked. */
  mayBlock = false;
  /** Called before each iteration, besides those that clear what the modules keep. */
  readonly beforeIteration: ((number: number) => void)[] = [];
  exports: Record<string, unknown> = {};
  /** What `setup` returned, its own copy. */
  #setupData: { readonly value: unknown } | undefined;

  constructor(id: number, host: ThreadHost) {
    this.id = id;
    this.host = host;
    Object.assign(this.env, host.env);
  }

  get options(): ScriptOptions {
    return this.host.plan.options;
  }

  /** Takes up a scenario. */
  activate(activity: Activity): void {
    this.activity = activity;
    this.iterationsInScenario = 0;
    for (const name of Object.keys(this.env)) delete this.env[name];
    Object.assign(this.env, this.host.env, activity.scenario.env);
    this.refreshTags();
  }

  refreshTags(): void {
    const scenario = this.activity?.scenario;
    this.tags = {
      ...this.host.plan.options.tags,
      ...(scenario ? { scenario: scenario.name, ...scenario.tags } : {}),
      group: this.group,
      ...this.ownTags,
    };
  }

  setupData(): unknown {
    const json = this.host.setupJson;
    this.#setupData ??= { value: json === undefined ? undefined : JSON.parse(json) };
    return this.#setupData.value;
  }

  /** Runs a function of the script with all that it opens. */
  run(body: () => unknown): Promise<Outcome> {
    const iteration = new Iteration((error) => this.host.reportError(error));
    this.iteration = iteration;
    return iteration.run(body);
  }

  /** What a call belongs to. @throws where the script is still being loaded */
  current(call: string): Iteration {
    if (!this.iteration) throw new Error(`${call} cannot be used while the script is loaded`);
    return this.iteration;
  }
}
