import type * as execution from 'k6/execution';
import type { Options } from 'k6/options';
import type { Activity, Vu } from '../vu.ts';

/** Stops the script where it stands; it is no error of the script's. */
export class Aborted extends Error {
  override name = 'Aborted';
}

function activityOf(vu: Vu): Activity {
  if (!vu.activity) throw new Error('k6/execution knows a scenario in its function only');
  return vu.activity;
}

class ScenarioFacts {
  readonly #vu: Vu;

  constructor(vu: Vu) {
    this.#vu = vu;
  }

  get name() {
    return activityOf(this.#vu).scenario.name;
  }

  get executor() {
    return activityOf(this.#vu).scenario.executor;
  }

  get startTime() {
    return activityOf(this.#vu).startedAtMs;
  }

  get progress() {
    return activityOf(this.#vu).progress();
  }

  get iterationInInstance() {
    return this.#vu.iterationInTest;
  }

  get iterationInTest() {
    return this.#vu.iterationInTest;
  }
}

class InstanceFacts {
  readonly #vu: Vu;

  constructor(vu: Vu) {
    this.#vu = vu;
  }

  get iterationsInterrupted() {
    return this.#vu.host.counts.interrupted;
  }

  get iterationsCompleted() {
    return this.#vu.host.counts.completed;
  }

  get vusActive() {
    return this.#vu.host.counts.active;
  }

  get vusInitialized() {
    return this.#vu.host.counts.initialized;
  }

  get currentTestRunDuration() {
    return this.#vu.host.elapsedMs();
  }
}

class TestControl {
  readonly #vu: Vu;
  readonly #exportedOptions: () => unknown;

  constructor(vu: Vu, exportedOptions: () => unknown) {
    this.#vu = vu;
    this.#exportedOptions = exportedOptions;
  }

  get options() {
    return this.#exportedOptions() as Options;
  }

  abort(reason = 'the script asked for it'): never {
    this.#vu.host.abort(reason);
    throw new Aborted(reason);
  }

  fail(reason = 'the script says so'): void {
    this.#vu.host.markFailed(reason);
  }
}

class VuFacts {
  readonly idInInstance: number;
  readonly idInTest: number;
  readonly tags: Record<string, string>;
  readonly metrics: { readonly tags: Record<string, string>; readonly metadata: Record<string, string> };
  readonly #vu: Vu;

  constructor(vu: Vu) {
    this.#vu = vu;
    this.idInInstance = vu.id;
    this.idInTest = vu.id;
    this.tags = liveTags(vu);
    this.metrics = { tags: this.tags, metadata: {} };
  }

  get iterationInInstance() {
    return this.#vu.iterationsInTest;
  }

  get iterationInScenario() {
    return this.#vu.iterationsInScenario;
  }
}

/** Tags that count from when they are set. */
function liveTags(vu: Vu): Record<string, string> {
  return new Proxy(vu.ownTags, {
    set: (own, name, value) => {
      own[String(name)] = String(value);
      vu.refreshTags();
      return true;
    },
    deleteProperty: (own, name) => {
      delete own[String(name)];
      vu.refreshTags();
      return true;
    },
  });
}

/** The module `k6/execution`. */
export function createExecutionModule(vu: Vu, exportedOptions: () => unknown) {
  return {
    scenario: new ScenarioFacts(vu),
    instance: new InstanceFacts(vu),
    test: new TestControl(vu, exportedOptions),
    vu: new VuFacts(vu),
  } satisfies Omit<typeof execution, 'default'>;
}
