import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveCalls } from '../processes/remote.ts';
import { Attacker, type AttackTally, type AttackTarget } from './attacker.ts';
import { ATTACKS } from './attacks.ts';

export interface AttackOrder {
  /** Of the table of attacks. */
  readonly name: string;
  readonly connections: number;
  readonly target: AttackTarget;
}

/** An attacker has a machine of their own: what they compute is not to be taken from those whom they attack. */
const LEAST_PRIORITY = 19;
const GRACE_MS = 500;

setPriority(LEAST_PRIORITY);
let attackers: Attacker[] = [];
let tally: AttackTally = { asked: 0, refused: 0 };

const handlers = {
  /** Begins; it goes on until `end`. */
  begin: async ({ name, connections, target }: AttackOrder): Promise<void> => {
    const attack = ATTACKS.find((one) => one.name === name);
    if (!attack) throw new Error(`there is no attack ${name}`);
    tally = { asked: 0, refused: 0 };
    attackers = Array.from({ length: connections }, (_, index) => new Attacker(target, tally, index));
    for (const attacker of attackers) void goOn(attacker, attack.act);
  },

  end: async (_order: null): Promise<AttackTally> => {
    const made = { ...tally };
    for (const attacker of attackers) attacker.end();
    attackers = [];
    await sleep(GRACE_MS);
    return made;
  },
};
export type AttackProcess = typeof handlers;

async function goOn(attacker: Attacker, act: (attacker: Attacker) => Promise<void>): Promise<void> {
  while (!attacker.isOver) {
    await act(attacker);
    attacker.turn += 1;
    // What is sent without waiting for an answer must not keep `end` out.
    await sleep(0);
  }
}

serveCalls(handlers);
