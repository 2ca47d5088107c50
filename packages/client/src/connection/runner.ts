import type { ClientRuntime } from '../types/environment.ts';
import { STOPPED, transition } from './machine.ts';
import type { Connection, ConnectionEffect, ConnectionEvent } from './states.ts';

interface RunnerInput {
  readonly runtime: ClientRuntime;
  /** False when the environment knows that there is no network. */
  readonly isOnline: () => boolean;
  /** Whether a lock hangs on the connection. */
  readonly isHolding: () => boolean;
  readonly carryOut: (effect: ConnectionEffect) => void;
  /** Called after the effects of a transition that led to another state. */
  readonly onState: (state: Connection) => void;
}

/** The state machine at work. */
export interface Runner {
  readonly state: Connection;
  dispatch(event: ConnectionEvent): void;
}

/** Makes a runner that is stopped. Events that effects cause wait until the transition before them is carried out. */
export function createRunner({ runtime, isOnline, isHolding, carryOut, onState }: RunnerInput): Runner {
  let state = STOPPED;
  let isDispatching = false;
  const queue: ConnectionEvent[] = [];

  const step = (event: ConnectionEvent): void => {
    const context = { now: runtime.now(), random: runtime.random(), isOnline: isOnline(), isHolding: isHolding() };
    const result = transition(state, event, context);
    const isNew = result.state !== state;
    state = result.state;
    for (const effect of result.effects) carryOut(effect);
    if (isNew) onState(state);
  };

  return {
    get state() {
      return state;
    },
    dispatch(event) {
      queue.push(event);
      if (isDispatching) return;
      isDispatching = true;
      try {
        for (let next = queue.shift(); next; next = queue.shift()) step(next);
      } finally {
        isDispatching = false;
      }
    },
  };
}
