import type { FaultContext } from '../fault.ts';
import { noLag } from '../lag.ts';
import type { SimProcess } from '../scheduler.ts';
import type { Service } from '../service.ts';
import { pickOf } from './pick.ts';

/** As the drills have them (`bench/src/drills/all-faults/faults.ts`). */
export function latency(context: FaultContext): boolean {
  return badLines(context, { delayMs: 200, lossShare: 0, resendMs: 0 });
}

export function loss(context: FaultContext): boolean {
  return badLines(context, { delayMs: 20, lossShare: 0.05, resendMs: 400 });
}

export function nodeRedis(context: FaultContext): string | false {
  const { world } = context;
  return silence(context, world.nodes, world.redis.service);
}

export function nodePostgres(context: FaultContext): string | false {
  const { world } = context;
  return silence(context, world.nodes, world.database.service);
}

export function relayRedis(context: FaultContext): string | false {
  const { world } = context;
  return silence(context, world.relays, world.redis.service);
}

export function relayPostgres(context: FaultContext): string | false {
  const { world } = context;
  return silence(context, world.relays, world.database.service);
}

function badLines({ world, scheduler, random }: FaultContext, lag: ReturnType<typeof noLag>): boolean {
  const forMs = random.between(500, 5_000);
  world.redis.hasLost = true;
  Object.assign(world.lag, lag);
  for (const service of [world.redis.service, world.database.service]) service.troubled(forMs);
  scheduler.after(forMs, scheduler.world, () => void Object.assign(world.lag, noLag()));
  return true;
}

/** No word passes between two any more, and neither is told; then it does again. */
function silence(
  { world, random }: FaultContext,
  among: Iterable<{ readonly process: SimProcess }>,
  service: Service,
): string | false {
  const one = pickOf(among, random);
  if (!one) return false;
  const forMs = random.between(200, random.pick([3_000, 15_000]));
  world.redis.hasLost = true;
  service.silence(one.process, forMs);
  if (service === world.redis.service && service.isCutOff(one.process))
    world.redis.channels.breakOf(one.process, service.silentMs(one.process));
  return `${one.process.name} for ${Math.round(forMs)} ms`;
}
