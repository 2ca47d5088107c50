import type { FaultContext } from '../fault.ts';

const MAX_AWAY_MS = 4_000;

/** SIGKILL, and back empty. */
export function kill({ world: { redis }, random }: FaultContext): boolean {
  redis.wipe();
  redis.goAway(random.between(100, MAX_AWAY_MS));
  return true;
}

/** It stands still, and nobody is told. */
export function pause({ world: { redis }, random }: FaultContext): boolean {
  redis.hasLost = true;
  redis.service.pause(random.between(100, 9_000));
  return true;
}

export function empty({ world: { redis } }: FaultContext): boolean {
  redis.wipe();
  return true;
}

export function trim({ world: { redis }, random }: FaultContext): boolean {
  redis.tamper((streams, now) => streams.trim(random.integer(1, 30), now));
  return true;
}

export function trimAll({ world: { redis } }: FaultContext): boolean {
  redis.tamper((streams) => streams.trimAll());
  return true;
}

export function deleteNewest({ world: { redis } }: FaultContext): boolean {
  redis.tamper((streams) => streams.deleteNewest());
  return true;
}

export function deleteWithin({ world: { redis }, random }: FaultContext): boolean {
  redis.tamper((streams) => streams.deleteWithin(random.next()));
  return true;
}

/** A copy of now; or killed, and back as it was at some copy. */
export function restoreStale({ world: { redis }, random }: FaultContext): string {
  if (random.chance(0.5)) {
    redis.backUp();
    return 'copied';
  }
  redis.restore();
  redis.goAway(random.between(100, MAX_AWAY_MS));
  return 'restored';
}

/** Its memory is full: it keeps nothing more for a while. */
export function fill({ world: { redis }, random }: FaultContext): boolean {
  redis.hasLost = true;
  redis.fill(random.between(100, 9_000));
  return true;
}

/** A replica that lags takes its place. */
export function failOver({ world: { redis }, random }: FaultContext): boolean {
  redis.tamper((streams) => streams.loseNewest(random.integer(1, 5)));
  redis.goAway(random.between(10, MAX_AWAY_MS));
  return true;
}

export function goAway({ world: { redis }, random }: FaultContext): boolean {
  redis.hasLost = true;
  redis.goAway(random.between(10, MAX_AWAY_MS));
  return true;
}

export function breakSubscription({ world: { redis }, random }: FaultContext): boolean {
  redis.channels.breakOne(random.between(1, 3_000));
  return true;
}

/** The connections that subscribe fall silent; each is made anew once its watch has noticed. */
export function cutSubscriptions({ world: { redis }, random }: FaultContext): boolean {
  redis.hasLost = true;
  redis.channels.breakAll(random.between(4_000, 7_000));
  return true;
}
