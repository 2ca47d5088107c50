import { pickOf } from './faults/pick.ts';
import { FAULTS } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { World } from './world.ts';

export interface TroubleOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly world: World;
  readonly say: (what: string) => void;
  /** Hears of each fault that happens. */
  readonly onFault: (name: string) => void;
}

/** Makes people edit, programs write and things fail, each at random times, until `endTrouble`. */
export function makeTrouble({ scheduler, random, world, say, onFault }: TroubleOptions): () => void {
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
  const faults = FAULTS.filter(({ name }) => plan.faults.includes(name));
  if (faults.length > 0) {
    again(plan.faultEveryMs, () => {
      const { name, cause, oneIn = 1 } = random.pick(faults);
      if (oneIn > 1 && !random.chance(1 / oneIn)) return;
      const what = cause({ scheduler, random, world });
      if (what === false) return;
      onFault(name);
      say(`*** ${name}${what === true ? '' : ` ${what}`}`);
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
