import type { FaultContext } from '../fault.ts';
import type { SimNode } from '../sim-node.ts';
import { pickOf } from './pick.ts';

const MAX_AWAY_MS = 5_000;
const CLOCK_STEP_MS = 3_600_000;

export function killNode(context: FaultContext): string | false {
  const node = livingNode(context);
  if (!node) return false;
  kill(context, node);
  return node.process.name;
}

export function killNodes(context: FaultContext): boolean {
  for (const node of context.world.nodes) kill(context, node);
  return true;
}

export function stopNode(context: FaultContext): string | false {
  const { world, scheduler, random } = context;
  const node = livingNode(context);
  if (!node) return false;
  // Its next life is that of the node that takes its place.
  node.process.crash = undefined;
  scheduler.after(0, node.process, () => void node.stop().then(() => world.nodes.delete(node)));
  scheduler.after(random.between(0, MAX_AWAY_MS), scheduler.world, () => world.startNode(node.livesLeft));
  return node.process.name;
}

export function pauseNode(context: FaultContext): string | false {
  const { scheduler, random } = context;
  const node = livingNode(context);
  if (!node) return false;
  scheduler.pause(node.process, random.between(100, random.pick([500, 10_000])));
  return node.process.name;
}

export function killRelay({ world, random }: FaultContext): string | false {
  const relay = pickOf(world.relays, random);
  if (!relay) return false;
  world.replaceRelay(relay, 0);
  return relay.process.name;
}

export function killRelays({ world, random }: FaultContext): boolean {
  // Those that take their places come later.
  for (const relay of world.relays) world.replaceRelay(relay, random.between(0, MAX_AWAY_MS));
  return true;
}

/** It wakes after another one may have taken over, and still has on its hands what it was about to write. */
export function freezeRelay({ world, scheduler, random }: FaultContext): string | false {
  const relay = [...world.relays].find(({ isActive }) => isActive) ?? pickOf(world.relays, random);
  if (!relay) return false;
  world.redis.hasLost = true;
  scheduler.pause(relay.process, random.between(200, random.pick([2_000, 9_000])));
  return relay.process.name;
}

/** The wall clock of a process is an hour wrong from now on, or right again. */
export function stepClock({ world, random }: FaultContext): string | false {
  const processes = [...world.nodes, ...world.relays, ...world.clients].map(({ process }) => process);
  const process = pickOf(processes, random);
  if (!process) return false;
  process.clockOffsetMs = process.clockOffsetMs === 0 ? random.pick([CLOCK_STEP_MS, -CLOCK_STEP_MS]) : 0;
  return `${process.name} by ${process.clockOffsetMs} ms`;
}

function kill({ world, scheduler, random }: FaultContext, node: SimNode): void {
  node.kill(random.chance(0.3));
  world.nodes.delete(node);
  scheduler.after(random.between(0, MAX_AWAY_MS), scheduler.world, () => world.startNode(node.livesLeft));
}

function livingNode({ world, random }: FaultContext): SimNode | undefined {
  return pickOf(
    [...world.nodes].filter(({ isAccepting }) => isAccepting),
    random,
  );
}
