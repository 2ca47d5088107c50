import type * as execution from 'k6/execution';
import type { Options } from 'k6/options';
import type { Activity, Vu } from '../vu.ts';

/** Stops the script where it stands; it is no error of the script's. */
export class Aborted extends Error {
  override name = 'Aborted';
}

/** The module `k6/execution`. */
export function createExecutionModule(vu: Vu, exportedOptions: () => unknown) {
  const { host } = vu;
  const activity = (): Activity => {
    if (!vu.activity) throw new Error('k6/execution knows a scenario in its function only');
    return vu.activity;
  };
  const tags = new Proxy(vu.ownTags, {
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
  return {
    scenario: {
      get name() {
        return activity().scenario.name;
      },
      get executor() {
        return activity().scenario.executor;
      },
      get startTime() {
        return activity().startedAtMs;
      },
      get progress() {
        return activity().progress();
      },
      get iterationInInstance() {
        return vu.iterationInInstance;
      },
      get iterationInTest() {
        return vu.iterationInTest;
      },
    },
    instance: {
      get iterationsInterrupted() {
        return host.counts.interrupted;
      },
      get iterationsCompleted() {
        return host.counts.completed;
      },
      get vusActive() {
        return host.counts.active;
      },
      get vusInitialized() {
        return host.counts.initialized;
      },
      get currentTestRunDuration() {
        return host.elapsedMs();
      },
    },
    test: {
      abort: (reason = 'the script asked for it') => {
        host.abort(reason);
        throw new Aborted(reason);
      },
      fail: (reason = 'the script says so') => host.markFailed(reason),
      get options() {
        return exportedOptions() as Options;
      },
    },
    vu: {
      get iterationInInstance() {
        return vu.iterationsInTest;
      },
      get iterationInScenario() {
        return vu.iterationsInScenario;
      },
      idInInstance: vu.id,
      idInTest: vu.id,
      tags,
      metrics: { tags, metadata: {} },
    },
  } satisfies Omit<typeof execution, 'default'>;
}
