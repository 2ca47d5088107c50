import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@meldesync/testkit';
import { readMetric } from '../../measure/metrics.ts';
import { PATIENCE_MS } from '../../poll.ts';
import type { ServerPart } from '../../processes/server-part.ts';
import type { Meldesync } from '../../systems/meldesync.ts';
import type { Scene } from '../fault-drill.ts';

const WIPE_EVERY_MS = 1_000;

/** Empties Redis again and again. */
export async function wipeRedis({ context, system, seconds }: Scene): Promise<void> {
  for (let wipe = 0; wipe < seconds; wipe++) {
    if (wipe > 0) await sleep(WIPE_EVERY_MS, undefined, { signal: context.signal });
    await system.redis.command('FLUSHALL');
  }
}

/** Redis is gone for a while, with all it held. */
export async function restartRedis({ context, system, seconds }: Scene): Promise<void> {
  await system.redis.kill();
  await sleep(seconds * 1_000, undefined, { signal: context.signal });
  await system.redis.start();
}

/** The active relay dies; once the standby has taken over it comes back to stand by. */
export async function killRelay(scene: Scene): Promise<void> {
  const dying = await activeRelay(scene.system);
  await dying.kill('SIGKILL');
  await sleep(scene.seconds * 1_000, undefined, { signal: scene.context.signal });
  await eventually(async () => {
    scene.context.signal.throwIfAborted();
    await activeRelay({ relays: scene.system.relays.filter((relay) => relay !== dying) });
  }, PATIENCE_MS);
  dying.start();
  await dying.ready();
}

/** A node dies with all its connections, and comes back. */
export async function killNode(scene: Scene): Promise<void> {
  await killAndRestart(scene, scene.system.nodes[0]);
}

/** Each node in turn is asked to stop, and started anew. */
export async function restartNodes({ context, system, seconds }: Scene): Promise<void> {
  for (const node of system.nodes) {
    await node.kill('SIGTERM');
    node.start();
    await node.ready();
    await sleep((seconds * 1_000) / system.nodes.length, undefined, { signal: context.signal });
  }
}

async function activeRelay({ relays }: Pick<Meldesync, 'relays'>): Promise<ServerPart> {
  const isActive = await Promise.all(relays.map(({ adminUrl }) => readMetric(adminUrl, 'meldesync_relay_active')));
  const [active, ...others] = relays.filter((_, index) => isActive[index] === 1);
  if (!active || others.length > 0) throw new Error('there is not exactly one active relay');
  return active;
}

async function killAndRestart({ context, seconds }: Scene, part: ServerPart | undefined): Promise<void> {
  if (!part) throw new Error('there is nothing to kill');
  await part.kill('SIGKILL');
  await sleep(seconds * 1_000, undefined, { signal: context.signal });
  part.start();
  await part.ready();
}
