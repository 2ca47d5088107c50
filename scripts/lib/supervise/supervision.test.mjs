import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterEvent, FIRST_STEP } from './supervision.mjs';

/** @typedef {import('./supervision.mjs').Event} Event */
/** @typedef {import('./supervision.mjs').Effect} Effect */

/**
 * Runs events through the machine, each with the time at which it comes.
 * @param {[Event | Event['kind'], number][]} events
 */
function run(events) {
  let { state } = FIRST_STEP;
  /** @type {Effect[]} */
  let effects = [...FIRST_STEP.effects];
  /** @type {Effect[]} */
  const all = [...effects];
  for (const [event, nowMs] of events) {
    ({ state, effects } = afterEvent(state, typeof event === 'string' ? named(event) : event, nowMs));
    all.push(...effects);
  }
  return { state, effects, all };
}

/**
 * @param {Event['kind']} kind
 * @returns {Event}
 */
function named(kind) {
  if (kind === 'ended') return { kind, how: 'SIGKILL' };
  if (kind === 'replace') return { kind, why: 'its source changed' };
  return { kind };
}

/** @param {Effect[]} effects */
const delays = (effects) => effects.flatMap((effect) => (effect.kind === 'wait' ? [effect.delayMs] : []));

describe('the supervision of a child', () => {
  it('lets one that ends before it was ever ready fail, with how it ended', () => {
    const { state, all } = run([[{ kind: 'ended', how: 'exit code 78' }, 10]]);
    expect(state).toEqual({ kind: 'failed' });
    expect(all).toEqual([{ kind: 'start' }, { kind: 'fail', how: 'exit code 78' }]);
  });

  it('starts one again that was ready once, and says how it ended and when it is started', () => {
    const { state, all } = run([
      ['ready', 100],
      ['ended', 500],
      ['due', 750],
    ]);
    expect(state).toEqual({ kind: 'starting', ends: 1, isFirst: false });
    expect(all).toEqual([
      { kind: 'start' },
      { kind: 'say', text: 'ended (SIGKILL): it is started again in 0.25 s' },
      { kind: 'wait', delayMs: 250 },
      { kind: 'start' },
    ]);
  });

  it('waits twice as long after each end, half a minute at most, and says each', () => {
    const { all } = run([['ready', 0], ...Array.from({ length: 10 }, () => dies()).flat()]);
    expect(delays(all)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    const said = all.flatMap((effect) => (effect.kind === 'say' ? [effect.text] : []));
    expect(said).toHaveLength(10);
    expect(said.at(-1)).toBe('ended (SIGKILL, 10 times in a row): it is started again in 30 s');
  });

  it('begins with the shortest wait again once it has been ready for half a minute', () => {
    const { all } = run([['ready', 0], ...dies(), ...dies(), ['ready', 10_000], ['ended', 40_000]]);
    expect(delays(all)).toEqual([250, 500, 250]);
  });

  it('does not count the time in which it was not ready', () => {
    const { all } = run([
      ['ready', 0],
      ['ended', 1],
      ['due', 251],
      ['ended', 100_000],
    ]);
    expect(delays(all)).toEqual([250, 500]);
  });

  it('starts one that is to be replaced at once when it has ended', () => {
    const { state, all } = run([
      ['ready', 0],
      ['replace', 1],
      ['ended', 2],
    ]);
    expect(state).toEqual({ kind: 'starting', ends: 0, isFirst: false });
    expect(all.map(({ kind }) => kind)).toEqual(['start', 'say', 'ask-to-end', 'start']);
  });

  it('starts one that waits at once when there is a reason to replace it', () => {
    const { state, effects } = run([
      ['ready', 0],
      ['ended', 1],
      ['replace', 2],
    ]);
    expect(state).toMatchObject({ kind: 'starting' });
    expect(effects.map(({ kind }) => kind)).toEqual(['say', 'cancel-wait', 'start']);
  });

  it('is over at once when it is stopped while it waits, and when it has ended otherwise', () => {
    expect(
      run([
        ['ready', 0],
        ['ended', 1],
        ['stop', 2],
      ]),
    ).toMatchObject({
      state: { kind: 'ended' },
      effects: [{ kind: 'cancel-wait' }, { kind: 'settle' }],
    });
    const stopping = run([
      ['ready', 0],
      ['stop', 1],
    ]);
    expect(stopping).toMatchObject({ state: { kind: 'stopping' }, effects: [{ kind: 'ask-to-end' }] });
    expect(afterEvent(stopping.state, named('ended'), 2)).toEqual({
      state: { kind: 'ended' },
      effects: [{ kind: 'settle' }],
    });
  });

  it('never starts a second one beside the first, and none after it was stopped, whatever happens', () => {
    /** @type {fc.Arbitrary<Event['kind']>} */
    const kinds = fc.constantFrom('ready', 'ended', 'due', 'replace', 'stop');
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.nat(60_000))), (script) => {
        let { state } = FIRST_STEP;
        let isThere = true;
        let isWaiting = false;
        let wasStopped = false;
        let nowMs = 0;
        for (const [kind, passedMs] of script) {
          // Only what is there can be ready or end, and only a wait can be over.
          if ((kind === 'ready' || kind === 'ended') && !isThere) continue;
          if (kind === 'due' && !isWaiting) continue;
          nowMs += passedMs;
          if (kind === 'ended') isThere = false;
          if (kind === 'due') isWaiting = false;
          if (kind === 'stop') wasStopped = true;
          const step = afterEvent(state, named(kind), nowMs);
          state = step.state;
          for (const effect of step.effects) {
            if (effect.kind === 'start') {
              expect(isThere || wasStopped).toBe(false);
              isThere = true;
            }
            if (effect.kind === 'wait') isWaiting = true;
            if (effect.kind === 'cancel-wait') isWaiting = false;
            if (effect.kind === 'ask-to-end') expect(isThere).toBe(true);
            if (effect.kind === 'settle') expect(isThere || isWaiting).toBe(false);
          }
          // Nothing is forgotten: it is there, or will be, or was not to be.
          expect(isThere || isWaiting || state.kind === 'ended' || state.kind === 'failed').toBe(true);
        }
      }),
    );
  });
});

/** @returns {[Event['kind'], number][]} an end soon after it was started */
function dies() {
  return [
    ['ended', 1],
    ['due', 1],
  ];
}
