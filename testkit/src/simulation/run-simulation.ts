import { SyncError } from '@meldesync/client';
import { storeDifference } from './client-checks.ts';
import { FAULTS } from './faults.ts';
import type { Sabotage } from './sabotage.ts';
import { Scheduler } from './scheduler.ts';
import { seededRandom } from './seeded-random.ts';
import { editFault, type SimClient } from './sim-client.ts';
import { StaleWatch } from './stale-watch.ts';
import { makeTrouble } from './trouble.ts';
import { World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly sabotage?: Sabotage | undefined;
  /** Hears what happens, a line each. */
  readonly onTrace?: (line: string) => void;
}

/** How a run went. */
export interface SimulationResult {
  readonly seed: number;
  /** What was wrong; undefined when nothing was. */
  readonly failure: string | undefined;
  readonly turns: number;
  readonly simulatedMs: number;
  readonly edits: number;
  /** Those that were answered over HTTP. */
  readonly httpEdits: number;
  readonly commits: number;
  /** How often each fault happened, by name; those that did not are absent. */
  readonly faults: ReadonlyMap<string, number>;
  /** The awaits at which processes ended, each named. */
  readonly crashes: readonly string[];
}

/** How long after the last fault everyone must be current again: a dead connection noticed, and the longest backoff. */
const RECOVERY_MS = 180_000;
/** How long after the trouble should be over there may still be lives that end at an await. */
const LIVES_MS = 40_000;
/** How long what a stopped process started may still take. */
const FAREWELL_MS = 40_000;

class Violation extends Error {}

/**
 * Runs clients, nodes and a relay in one process from a seed: trouble first, then quiet, in which every client must come
 * to hold exactly what the database holds and every edit must have its outcome; then all of it is stopped, and nothing may
 * be left running. Long because a run is told in its order.
 */
export async function runSimulation({ seed, sabotage, onTrace }: SimulationOptions): Promise<SimulationResult> {
  const scheduler = new Scheduler();
  const random = seededRandom(seed);
  const say = (what: string): void => onTrace?.(`${scheduler.now.toFixed(1).padStart(9)} ms  ${what}`);
  const faults = new Map<string, number>();
  const crashes: string[] = [];
  let failure: string | undefined;
  const violated = (what: string): void => {
    failure ??= what;
    say(`!!! ${what}`);
  };
  const check = (): void => {
    if (failure !== undefined) throw new Violation(failure);
  };

  const world = new World({
    scheduler,
    random: random.fork(),
    sabotage,
    violated,
    say,
    isTraced: onTrace !== undefined,
    faults: FAULTS.map(({ name }) => name),
    onCrash: (at) => crashes.push(at),
  });
  const staleWatches = new WeakMap<SimClient, StaleWatch>();
  const lookAtScreens = (): void => {
    // Redis does not drop single messages of a connection that stands: then a canary vouches for nothing before it.
    const { drop, delay, maxDelayMs } = world.plan.bus;
    if (drop > 0) return;
    const busDelayMs = delay > 0 ? maxDelayMs : 0;
    for (const client of world.clients) {
      const watch = staleWatches.get(client) ?? new StaleWatch(scheduler, world.database, client, busDelayMs);
      staleWatches.set(client, watch);
      const untold = watch.look();
      if (untold) violated(untold);
    }
  };
  const onFault = (name: string): void => {
    faults.set(name, (faults.get(name) ?? 0) + 1);
  };
  const runTo = async (ms: number): Promise<void> => {
    for (const until = ms; scheduler.now < until; ) {
      await scheduler.run(Math.min(until, scheduler.now + 500));
      lookAtScreens();
      check();
    }
  };
  say(`plan ${JSON.stringify(world.plan)}`);
  try {
    const endTrouble = makeTrouble({ scheduler, random: random.fork(), world, say, onFault });
    await runTo(world.plan.troubleMs);
    const lastLife = scheduler.now + LIVES_MS;
    while (world.livesLeft > 0 && scheduler.now < lastLife) {
      world.hastenLives();
      await runTo(scheduler.now + 500);
    }
    endTrouble();
    world.endLives();
    say('--- the trouble is over');
    const deadline = scheduler.now + RECOVERY_MS;
    let unfinished = findUnfinished(world);
    while (unfinished !== undefined && scheduler.now < deadline) {
      await runTo(scheduler.now + 500);
      unfinished = findUnfinished(world);
    }
    if (unfinished !== undefined) throw new Violation(`not current again: ${unfinished}`);
    say('--- everyone is current');
    await stopAll(world, scheduler, runTo);
  } catch (error) {
    failure ??=
      error instanceof Violation
        ? error.message
        : `a turn threw: ${String(error instanceof Error ? error.stack : error)}`;
  }
  const clients = [...world.clients, ...world.gone];
  return {
    seed,
    failure,
    turns: scheduler.turns,
    simulatedMs: scheduler.now,
    edits: clients.reduce((sum, { edits }) => sum + edits.length, 0),
    httpEdits: world.network.httpEdits,
    commits: world.database.records.log.commits.length,
    faults,
    crashes,
  };
}

/** Who is not current yet, or what is without an outcome. */
function findUnfinished(world: World): string | undefined {
  for (const { client, process, edits } of world.clients) {
    if (client.connection.name !== 'live') return `${process.name} is ${client.connection.name}`;
    const difference = storeDifference(client, world.database);
    if (difference) return `${process.name}: ${difference}`;
    if (client.pendingEdits > 0) return `${process.name} has ${client.pendingEdits} pending edits`;
    const failed = edits.find(({ outcome }) => outcome instanceof SyncError);
    if (failed) return `${failed.token} failed, though ${process.name} was never stopped`;
  }
  for (const { edits } of [...world.clients, ...world.gone]) {
    for (const edit of edits) {
      const fault = editFault(edit, world.database);
      if (fault) return fault;
    }
  }
  return undefined;
}

/** Stops everyone; nothing of theirs may be left to happen. */
async function stopAll(world: World, scheduler: Scheduler, runTo: (ms: number) => Promise<void>): Promise<void> {
  for (const client of world.clients) world.stopClient(client);
  for (const { process } of world.relays) process.isAlive = false;
  const nodes = [...world.nodes];
  for (const node of nodes) scheduler.after(0, node.process, () => void node.stop());
  await runTo(scheduler.now + FAREWELL_MS);
  for (const { process } of [...world.gone, ...nodes]) {
    const [left] = scheduler.pending(process);
    if (left)
      throw new Violation(
        `${process.name} still has ${scheduler.pending(process).length} timers: ${left.callback.toString()}`,
      );
  }
  for (const { connections, process } of nodes) {
    if (connections > 0) throw new Violation(`${process.name} still has ${connections} connections`);
  }
}
