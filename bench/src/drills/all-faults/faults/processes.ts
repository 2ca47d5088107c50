import type { SupervisedPart } from '../../../processes/supervised-part.ts';
import { activeRelay } from '../../../systems/active-relay.ts';
import { countStopped } from '../evidence.ts';
import type { Breakage, Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';

type Start = Fault['start'];

export const killRelay: Start = async ({ stage, signal }) => kill([await activeRelay(stage.relays, signal)]);

export const killRelays: Start = async ({ stage }) => kill(stage.relays);

export const freezeRelay: Start = async ({ stage, signal }) => pause(await activeRelay(stage.relays, signal));

export const killNode: Start = async ({ stage }) => kill(stage.nodes.slice(0, 1));

export const killNodes: Start = async ({ stage }) => kill(stage.nodes);

export const pauseNode: Start = async ({ stage }) => pause(stage.nodes[0]);

export const killAll: Start = async ({ stage }) => kill(stage.parts);

export const killWorker: Start = async ({ stage }) => kill([stage.worker]);

export const pauseWorker: Start = async ({ stage }) => pause(stage.worker);

export const stepClocksForward: Start = async ({ stage }) => stepClocks(stage, 'forward');

export const stepClocksBack: Start = async ({ stage }) => stepClocks(stage, 'back');

function stepClocks({ parts }: Stage, way: 'forward' | 'back'): Breakage {
  const step = () => parts.filter((part) => part.stepClock(way)).length;
  // Only a clock that was put back was put forward.
  const stepped = step();
  return { mend: () => Math.min(stepped, step()) };
}

async function kill(parts: readonly SupervisedPart[]): Promise<Breakage> {
  const killed = await Promise.all(parts.map((part) => part.kill('SIGKILL')));
  return {
    mend: () => {
      for (const part of parts) part.start();
      return killed.filter(Boolean).length;
    },
  };
}

function pause(part: SupervisedPart | undefined): Breakage {
  if (!part) throw new Error('there is nothing to stop');
  part.suspend();
  return {
    mend: () => {
      const stopped = countStopped([part.pid]);
      part.resume();
      return stopped;
    },
  };
}
