import { describeError, Failure } from './failure.mjs';
import { fail, step, warn } from './log.mjs';
import { isTerminalGone } from './terminal.mjs';

/**
 * @typedef {object} Stoppable
 * @property {string} name
 * @property {() => Promise<void>} stop ends it properly
 * @property {() => void} kill ends it at once, as far as that is safe
 */

// npm passes a terminal's Ctrl-C on to its child, which has already had it from the terminal itself:
// two signals for one keystroke.
const SAME_KEYSTROKE_MS = 750;

/** The exit code of a command that was stopped before its work was done. */
const INTERRUPTED = 130;

/** How often to look whether npm is still there. */
const PARENT_CHECK_MS = 500;

/**
 * Calls back when npm, which runs this command through a shell, is gone: the shell does not pass on a signal that
 * ended npm and itself. Run without npm, the command may outlive whoever started it.
 * @param {() => void} onGone
 */
function watchNpm(onGone) {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  timer.unref();
}

/** What runs, in the order in which it was started. The last one started is the first to be stopped. */
export class StopStack {
  /** @type {Stoppable[]} */
  #running = [];
  /** @type {Promise<void> | undefined} */
  #stopping;
  /** @type {(error: unknown) => void} */
  #onFailure = () => {};

  /** @returns {boolean} */
  get isStopping() {
    return this.#stopping !== undefined;
  }

  /**
   * Whom to tell that something broke while everything was up.
   * @param {(error: unknown) => void} onFailure
   */
  onFailure(onFailure) {
    this.#onFailure = onFailure;
  }

  /**
   * Says that something which should run on has ended. Ignored while stopping: then it is what we want.
   * @param {unknown} error
   */
  reportFailure(error) {
    if (!this.isStopping) this.#onFailure(error);
  }

  /** @param {Stoppable} stoppable */
  push(stoppable) {
    if (this.isStopping) {
      stoppable.kill();
      throw new Failure(`Stopped before ${stoppable.name} was up.`);
    }
    this.#running.push(stoppable);
  }

  /** Stops everything, newest first. A second call waits for the first. */
  stopAll() {
    this.#stopping ??= this.#stopInOrder();
    return this.#stopping;
  }

  async #stopInOrder() {
    for (let next = this.#running.at(-1); next; next = this.#running.at(-1)) {
      try {
        await next.stop();
      } catch (error) {
        warn(next.name, `did not stop properly: ${describeError(error)}`);
      }
      this.#running.pop();
    }
  }

  killAll() {
    for (const stoppable of this.#running.toReversed()) stoppable.kill();
  }
}

/**
 * Runs a command's body with a stop stack: whatever ends it (its end, an error, Ctrl-C, a signal), all that it
 * started is stopped, and then the process exits.
 * @param {(stack: StopStack) => Promise<number>} body resolves to the exit code; never, if it runs until Ctrl-C
 * @param {{ untilStopped?: boolean }} [options] `untilStopped`: to be stopped is this command's proper end,
 *   and SIGHUP none
 * @returns {Promise<never>}
 */
export async function runCommand(body, { untilStopped = false } = {}) {
  const stack = new StopStack();
  let signalledMs = 0;

  /** @type {Promise<number>} */
  const interrupted = new Promise((resolve) => {
    /** @param {string} reason */
    const begin = (reason) => {
      signalledMs = performance.now();
      step('stop', `${reason}: stopping everything (Ctrl-C once more kills)`);
      resolve(untilStopped ? 0 : INTERRUPTED);
    };
    /** @param {NodeJS.Signals} signal */
    const onSignal = (signal) => {
      if (signalledMs === 0) begin(signal);
      else if (performance.now() - signalledMs > SAME_KEYSTROKE_MS) {
        stack.killAll();
        process.exit(1);
      }
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    process.on('SIGHUP', (signal) => {
      // Of what runs until it is stopped it asks something else, unless it says that the terminal was closed.
      if (!untilStopped || isTerminalGone()) onSignal(signal);
    });
    watchNpm(() => {
      if (signalledMs === 0) begin('npm is gone');
    });
  });
  /** @type {Promise<number>} */
  const broken = new Promise((_resolve, reject) => {
    stack.onFailure(reject);
  });

  let exitCode = 1;
  try {
    exitCode = await Promise.race([body(stack), interrupted, broken]);
  } catch (error) {
    fail(describeError(error));
  }
  await stack.stopAll();
  if (signalledMs > 0) step('stop', 'everything has stopped');
  return process.exit(exitCode);
}
