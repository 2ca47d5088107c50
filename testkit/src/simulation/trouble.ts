import type { Fault } from './faults.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimClient } from './sim-client.ts';
import type { SimConnection } from './sim-connection.ts';
import type { SimNode } from './sim-node.ts';
import type { World } from './world.ts';

export interface TroubleOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly world: World;
  readonly say: (what: string) => void;
}

/** Makes people edit, programs write and things fail, each at random times, until `endTrouble`. */
export function makeTrouble({ scheduler, random, world, say }: TroubleOptions): () => void {
  const { plan } = world;
  let isOver = false;
  const again = (everyMs: number, act: () => void): void => {
    scheduler.after(-Math.log(1 - random.next()) * everyMs, scheduler.world, () => {
      if (isOver) return;
      act();
      again(everyMs, act);
    });
  };
  Object.assign(world.redis.faults, plan.bus);
  Object.assign(world.network.http, plan.http);
  Object.assign(world.database.faults, plan.database);
  if (plan.socketsUntilMs !== null) {
    scheduler.after(plan.socketsUntilMs, scheduler.world, () => {
      say('*** no WebSocket comes about any more');
      world.network.letsSocketsThrough = false;
      for (const connection of world.network.connections) connection.cut();
    });
  }
  again(plan.writeEveryMs, () => world.writeSomething());
  again(plan.editEveryMs, () => pickOf(world.clients, random)?.edit());
  if (plan.faults.length > 0) {
    again(plan.faultEveryMs, () => {
      const fault = random.pick(plan.faults);
      const what = cause(fault, { scheduler, random, world });
      if (what) say(`*** ${fault}${what === true ? '' : ` ${what}`}`);
    });
  }
  return () => {
    isOver = true;
    Object.assign(world.redis.faults, { drop: 0, repeat: 0, delay: 0 });
    Object.assign(world.database.faults, { overdue: 0 });
    world.network.letsSocketsThrough = true;
    Object.assign(world.network.http, { fail: 0, hang: 0, refuse: 0, repeat: 0 });
  };
}

/** Lets one fault happen; says to whom, false when there is nobody. Long because each kind of fault has its branch. */
function cause(fault: Fault, { scheduler, random, world }: Omit<TroubleOptions, 'say'>): string | boolean {
  const { redis, network, database } = world;
  const pause = (process: SimProcess, maxMs: number): string => {
    const forMs = random.between(100, maxMs);
    process.pausedUntil = Math.max(process.pausedUntil, scheduler.now + forMs);
    return `${process.name} for ${Math.round(forMs)} ms`;
  };
  switch (fault) {
    case 'cut':
      return withConnection((connection) => connection.cut());
    case 'break-silently':
      return withConnection((connection) => connection.breakSilently());
    case 'stall':
      return withConnection((connection) => connection.stall(random.between(500, 40_000)));
    case 'freeze-client':
      return withClient(({ process }) => pause(process, 35_000));
    case 'reload-client':
      return withClient((client) => {
        world.stopClient(client);
        world.startClient();
        return client.process.name;
      });
    case 'press-buttons':
      return withClient(({ client, process }) => {
        scheduler.after(0, process, () => {
          if (random.chance(0.5)) client.reconnectNow();
          else client.refresh().catch(ignore);
        });
        return process.name;
      });
    case 'kill-node':
      return withNode((node) => {
        node.kill(random.chance(0.3));
        world.nodes.delete(node);
        scheduler.after(random.between(0, 5_000), scheduler.world, () => world.startNode());
        return node.process.name;
      });
    case 'stop-node':
      return withNode((node) => {
        scheduler.after(0, node.process, () => void node.stop().then(() => world.nodes.delete(node)));
        scheduler.after(random.between(0, 5_000), scheduler.world, () => world.startNode());
        return node.process.name;
      });
    case 'freeze-node':
      return withNode(({ process }) => pause(process, random.pick([500, 10_000])));
    case 'kill-relay':
      world.replaceRelay();
      return true;
    case 'trim-stream':
      redis.trim(random.integer(1, 30));
      return true;
    case 'wipe-redis':
      redis.wipe();
      return true;
    case 'lose-newest':
      redis.loseNewest(random.integer(1, 5));
      return true;
    case 'redis-away':
      redis.goAway(random.between(10, 4_000));
      return true;
    case 'break-subscription':
      redis.breakOne(random.between(1, 3_000));
      return true;
    case 'lose-slot':
      if (!random.chance(0.3)) return false;
      database.dropSlot();
      return true;
  }

  function withClient(act: (client: SimClient) => string): string | false {
    const client = pickOf(world.clients, random);
    return client ? act(client) : false;
  }
  function withNode(act: (node: SimNode) => string): string | false {
    const living = [...world.nodes].filter(({ isAccepting }) => isAccepting);
    const node = pickOf(living, random);
    return node ? act(node) : false;
  }
  function withConnection(act: (connection: SimConnection) => void): string | false {
    const open = [...network.connections].filter(({ isOpen }) => isOpen);
    const connection = pickOf(open, random);
    if (!connection) return false;
    act(connection);
    return connection.client.name;
  }
}

function pickOf<T>(items: Iterable<T>, random: SeededRandom): T | undefined {
  const list = [...items];
  return list.length > 0 ? random.pick(list) : undefined;
}

/** A refresh that fails is told to the person. */
function ignore(): void {}
