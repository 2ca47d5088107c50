import { Failure } from '../failure.mjs';
import { step, warn } from '../log.mjs';
import { afterEvent, FIRST_STEP } from './supervision.mjs';

/**
 * A started process.
 * @typedef {object} Child
 * @property {Promise<string>} ended how it ended, for people: "SIGKILL", "exit code 1"; never rejects
 * @property {() => void} stop asks it to end properly; a process that does not is ended by force after its time of grace
 * @property {() => void} kill ends it at once
 */

/**
 * What is to run until everything stops.
 * @typedef {object} Order
 * @property {string} name
 * @property {() => Promise<Child>} start may first see to what an earlier one left behind; its failure counts as an end
 * @property {() => Promise<string | undefined>} whyNotReady undefined once it can do its work; asked until then
 * @property {() => string | undefined} [whyReplace] asked while it runs: why it should be stopped and started anew
 * @property {(how: string) => string} [describeFailure] the sentence for one that ended before it was ever ready
 */

/**
 * @typedef {object} Supervised
 * @property {string} name
 * @property {Promise<void>} ready when it is ready for the first time; a Failure if it ends before, or takes too long
 * @property {(why: string) => void} replace stops it and starts it anew
 * @property {() => Promise<void>} stop
 * @property {() => void} kill
 */

/**
 * @typedef {object} Clock
 * @property {() => number} nowMs
 * @property {(callback: () => void, delayMs: number) => () => void} after returns what cancels it
 */

/** @type {Clock} */
const REAL_CLOCK = {
  nowMs: () => performance.now(),
  after: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** How long the first start may take until it is ready. Later ones may take as long as they need. */
const FIRST_START_MS = 60_000;
const READY_CHECK_MS = 50;
const REPLACE_CHECK_MS = 500;

/**
 * Starts a child and keeps it running: `supervision.mjs` decides, this does. Long because every effect shares the child, its
 * timers and the state.
 * @param {Order} order
 * @param {Clock} [clock]
 * @returns {Supervised}
 */
export function supervise(order, clock = REAL_CLOCK) {
  const { name } = order;
  const ready = openPromise();
  const settled = openPromise();
  // Whoever waits for it hears of it; it is no error of nobody's if everything is stopped before.
  ready.promise.catch(() => {});
  /** @type {import('./supervision.mjs').State} */
  let state = FIRST_STEP.state;
  /** @type {Child | undefined} */
  let child;
  let cancelWait = () => {};
  const deadlineMs = clock.nowMs() + FIRST_START_MS;

  /** @param {import('./supervision.mjs').Event} event */
  const tell = (event) => {
    const next = afterEvent(state, event, clock.nowMs());
    if (state.kind === 'starting' && next.state.kind === 'running') {
      if (!state.isFirst) step(name, 'is up again');
      ready.resolve();
    }
    state = next.state;
    for (const effect of next.effects) carryOut(effect);
  };

  /** @param {import('./supervision.mjs').Effect} effect */
  const carryOut = (effect) => {
    switch (effect.kind) {
      case 'start':
        return void start();
      case 'ask-to-end':
        return child?.stop();
      case 'wait':
        cancelWait = clock.after(() => tell({ kind: 'due' }), effect.delayMs);
        return;
      case 'cancel-wait':
        return cancelWait();
      case 'say':
        return warn(name, effect.text);
      case 'fail':
        ready.reject(new Failure((order.describeFailure ?? sayEnded)(effect.how)));
        return settled.resolve();
      case 'settle':
        return settled.resolve();
    }
  };

  /** @param {string} how */
  const sayEnded = (how) => `${name} ended by itself (${how}). Its last lines above say why.`;

  const start = async () => {
    /** @type {Child} */
    let started;
    try {
      started = await order.start();
    } catch (error) {
      tell({ kind: 'ended', how: error instanceof Error ? error.message : String(error) });
      return;
    }
    child = started;
    void started.ended.then((how) => {
      child = undefined;
      tell({ kind: 'ended', how });
    });
    // Meanwhile nobody may want it any more.
    if (state.kind === 'starting') watch(started);
    else started.stop();
  };

  /** @param {Child} watched */
  const watch = (watched) => {
    const look = async () => {
      if (child !== watched) return;
      if (state.kind === 'starting') {
        const isFirst = state.isFirst;
        const reason = await order.whyNotReady();
        if (child !== watched) return;
        if (reason === undefined) tell({ kind: 'ready' });
        else if (isFirst && clock.nowMs() > deadlineMs)
          ready.reject(new Failure(`${name} was not ready after ${FIRST_START_MS / 1000} s: ${reason}`));
        clock.after(() => void look(), READY_CHECK_MS);
      } else if (state.kind === 'running' && order.whyReplace) {
        const why = order.whyReplace();
        if (why !== undefined) tell({ kind: 'replace', why });
        clock.after(() => void look(), REPLACE_CHECK_MS);
      }
    };
    void look();
  };

  for (const effect of FIRST_STEP.effects) carryOut(effect);
  return {
    name,
    ready: ready.promise,
    replace: (why) => tell({ kind: 'replace', why }),
    stop: () => {
      if (state.kind === 'failed') return Promise.resolve();
      tell({ kind: 'stop' });
      return settled.promise;
    },
    kill: () => child?.kill(),
  };
}

/**
 * Puts children on the stack that are stopped side by side.
 * @param {import('../stop-stack.mjs').StopStack} stack
 * @param {Supervised[]} children
 */
export function pushTogether(stack, children) {
  stack.push({
    name: children.map(({ name }) => name).join(', '),
    stop: async () => void (await Promise.all(children.map((child) => child.stop()))),
    kill: () => {
      for (const child of children) child.kill();
    },
  });
}

/** A promise that somebody else settles: what `Promise.withResolvers` makes, which Node 20 lacks. */
function openPromise() {
  /** @type {() => void} */
  let resolve = () => {};
  /** @type {(reason: unknown) => void} */
  let reject = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise((...functions) => {
    [resolve, reject] = functions;
  });
  return { promise, resolve, reject };
}
