/**
 * What is to become of one child that should run until everything stops.
 *
 *   starting ──ready──▶ running ──ended──▶ waiting ──due──▶ starting
 *      │ ended: the first time for good (failed), later on waiting
 *      └─ replace ─▶ replacing ──ended──▶ starting      (also from running; waiting starts at once)
 *   any ──stop──▶ stopping ──ended──▶ ended
 *
 * Pure: the time is passed in, and what is to be done comes back as effects for the runner (`supervise.mjs`).
 */

/** After its first end a child is started again in this time; after each further one in twice the time. */
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;

/** A child that was ready for this long has nothing to do with the ends before. */
const LIVED_MS = 30_000;

/**
 * `ends` counts the ends in a row that came too soon.
 * @typedef {{ kind: 'starting', ends: number, isFirst: boolean }
 *   | { kind: 'running', ends: number, readyMs: number }
 *   | { kind: 'replacing', ends: number }
 *   | { kind: 'waiting', ends: number }
 *   | { kind: 'stopping' }
 *   | { kind: 'ended' }
 *   | { kind: 'failed' }} State
 */

/**
 * `ended` says how ("SIGKILL", "exit code 1"); `due` that the time of `wait` is over; `replace` that it is to be stopped
 * and started anew, and why.
 * @typedef {{ kind: 'ready' } | { kind: 'ended', how: string } | { kind: 'due' } | { kind: 'replace', why: string }
 *   | { kind: 'stop' }} Event
 */

/**
 * `fail` is the end of a child that has never been ready; `settle` says that it has ended for good, as was wanted.
 * @typedef {{ kind: 'start' } | { kind: 'ask-to-end' } | { kind: 'wait', delayMs: number } | { kind: 'cancel-wait' }
 *   | { kind: 'say', text: string } | { kind: 'fail', how: string } | { kind: 'settle' }} Effect
 */

/** @typedef {{ state: State, effects: Effect[] }} Step */

/** @type {Step} */
export const FIRST_STEP = { state: { kind: 'starting', ends: 0, isFirst: true }, effects: [{ kind: 'start' }] };

/**
 * What an event makes of a state. An event that means nothing in a state leaves it as it is.
 * @param {State} state
 * @param {Event} event
 * @param {number} nowMs of a clock that only goes forward
 * @returns {Step}
 */
export function afterEvent(state, event, nowMs) {
  switch (event.kind) {
    case 'ready':
      if (state.kind !== 'starting') return unchanged(state);
      return { state: { kind: 'running', ends: state.ends, readyMs: nowMs }, effects: [] };
    case 'ended':
      return afterEnd(state, event.how, nowMs);
    case 'due':
      if (state.kind !== 'waiting') return unchanged(state);
      return { state: { kind: 'starting', ends: state.ends, isFirst: false }, effects: [{ kind: 'start' }] };
    case 'replace':
      return replace(state, event.why);
    case 'stop':
      return stop(state);
  }
}

/** @param {State} state */
function unchanged(state) {
  return { state, effects: [] };
}

/**
 * @param {State} state
 * @param {string} how
 * @param {number} nowMs
 * @returns {Step}
 */
function afterEnd(state, how, nowMs) {
  switch (state.kind) {
    case 'starting':
      if (state.isFirst) return { state: { kind: 'failed' }, effects: [{ kind: 'fail', how }] };
      return wait(state.ends, how);
    case 'running':
      return wait(nowMs - state.readyMs >= LIVED_MS ? 0 : state.ends, how);
    case 'replacing':
      return { state: { kind: 'starting', ends: state.ends, isFirst: false }, effects: [{ kind: 'start' }] };
    case 'stopping':
      return { state: { kind: 'ended' }, effects: [{ kind: 'settle' }] };
    case 'waiting':
    case 'ended':
    case 'failed':
      return unchanged(state);
  }
}

/**
 * @param {number} endsBefore
 * @param {string} how
 * @returns {Step}
 */
function wait(endsBefore, how) {
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** endsBefore);
  const ends = endsBefore + 1;
  const often = ends > 1 ? `, ${ends} times in a row` : '';
  const text = `ended (${how}${often}): it is started again in ${delayMs / 1000} s`;
  return {
    state: { kind: 'waiting', ends },
    effects: [
      { kind: 'say', text },
      { kind: 'wait', delayMs },
    ],
  };
}

/**
 * @param {State} state
 * @param {string} why
 * @returns {Step}
 */
function replace(state, why) {
  /** @type {Effect} */
  const say = { kind: 'say', text: `${why}: it is started again` };
  switch (state.kind) {
    case 'starting':
      // It has not yet shown that it can run at all: whatever it is, it may end by itself.
      if (state.isFirst) return unchanged(state);
      return { state: { kind: 'replacing', ends: state.ends }, effects: [say, { kind: 'ask-to-end' }] };
    case 'running':
      return { state: { kind: 'replacing', ends: 0 }, effects: [say, { kind: 'ask-to-end' }] };
    case 'waiting':
      return {
        state: { kind: 'starting', ends: 0, isFirst: false },
        effects: [say, { kind: 'cancel-wait' }, { kind: 'start' }],
      };
    case 'replacing':
    case 'stopping':
    case 'ended':
    case 'failed':
      return unchanged(state);
  }
}

/**
 * @param {State} state
 * @returns {Step}
 */
function stop(state) {
  switch (state.kind) {
    case 'starting':
    case 'running':
      return { state: { kind: 'stopping' }, effects: [{ kind: 'ask-to-end' }] };
    case 'replacing':
      // It has been asked already.
      return { state: { kind: 'stopping' }, effects: [] };
    case 'waiting':
      return { state: { kind: 'ended' }, effects: [{ kind: 'cancel-wait' }, { kind: 'settle' }] };
    case 'stopping':
    case 'ended':
    case 'failed':
      return unchanged(state);
  }
}
