import type { FaultContext } from '../fault.ts';

/** SIGKILL: gone, then recovering. */
export function kill(context: FaultContext): boolean {
  return down(context, 500, 5_000);
}

/** A shutdown, fast or immediate. */
export function restart(context: FaultContext): boolean {
  return down(context, 50, 1_500);
}

/** `pg_terminate_backend` of everyone. */
export function endConnections(context: FaultContext): boolean {
  return down(context, 0, 0);
}

/** It stands still, and nobody is told. */
export function pause({ world, random }: FaultContext): boolean {
  world.redis.hasLost = true;
  world.database.service.pause(random.between(100, 8_000));
  return true;
}

/** Gone for good; a synchronous standby is promoted, on a timeline of its own and without the slot. */
export function failOver({ world, random }: FaultContext): boolean {
  world.redis.hasLost = true;
  world.database.failOver(random.between(200, 3_000));
  return true;
}

/** A backup takes its place, on a timeline of its own and without the slot. */
export function restore({ world, random }: FaultContext): string {
  const lost = random.integer(0, 12);
  world.redis.hasLost = true;
  world.database.restore(lost, random.between(200, 3_000));
  return `without ${lost} commits`;
}

export function dropSlot({ world }: FaultContext): boolean {
  world.database.dropSlot();
  return true;
}

/** Somebody sets a field with `session_replication_role = replica`. */
export function bypassTriggers({ world, random }: FaultContext): string | false {
  const ids = [...world.database.records.visible.keys()];
  if (ids.length === 0) return false;
  const record = random.pick(ids);
  const isDone = world.database.records.bypass(record, { caseId: random.pick(['F-7', 'F-8', null]) });
  return isDone && `record ${record}`;
}

function down({ world, random }: FaultContext, fromMs: number, toMs: number): boolean {
  world.redis.hasLost = true;
  world.database.goDown(random.between(fromMs, toMs));
  return true;
}
