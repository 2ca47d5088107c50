import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerPart } from '../../processes/server-part.ts';
import { activeRelay } from '../../systems/active-relay.ts';
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
  const { relays } = scene.system;
  const { signal } = scene.context;
  const dying = await activeRelay(relays, signal);
  await dying.kill('SIGKILL');
  await sleep(scene.seconds * 1_000, undefined, { signal });
  await activeRelay(
    relays.filter((relay) => relay !== dying),
    signal,
  );
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

async function killAndRestart({ context, seconds }: Scene, part: ServerPart | undefined): Promise<void> {
  if (!part) throw new Error('there is nothing to kill');
  await part.kill('SIGKILL');
  await sleep(seconds * 1_000, undefined, { signal: context.signal });
  part.start();
  await part.ready();
}
