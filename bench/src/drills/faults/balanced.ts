import { setTimeout as sleep } from 'node:timers/promises';
import type { TestBalancer } from '@meldesync/testkit';
import { pause } from '../all-faults/repetition.ts';
import { watchWithoutRedis } from '../all-faults/without-redis.ts';
import type { Scene } from '../fault-drill.ts';

const LOOK_EVERY_MS = 250;
/** By the clock from here on, however busy the machine was before the fault. */
const CURRENT_WITHIN_MS = 10_000;
const DESKS = ['first', 'second', 'third'];

/** Each node in turn is asked to stop, and started anew; the next when HAProxy gives people to the last one again. */
export async function restartBalancedNodes(scene: Scene): Promise<void> {
  const balancer = balancerOf(scene);
  for (const node of scene.system.nodes) {
    await node.kill('SIGTERM');
    node.start();
    await node.ready();
    await balancer.whole();
  }
}

/**
 * Redis is gone for a while, with all it held. Meanwhile people save and refresh by hand through HAProxy, and it keeps every node.
 */
export async function stopRedisBehindBalancer(scene: Scene): Promise<void> {
  const { context, system, seconds, report, othersCurrent } = scene;
  const url = system.urls[0] ?? '';
  const balancer = balancerOf(scene);
  await system.redis.kill();
  const ending = new AbortController();
  const desks = {
    nodes: DESKS.map((name) => ({ name: `the ${name} desk` })),
    nodeUrls: DESKS.map(() => url),
    people: system.people,
    ownerUrl: system.ownerUrl,
  };
  const byHand = watchWithoutRedis(desks, { id: system.workspace, records: scene.spareRecords }, ending.signal);
  const thrownOut = watchNodes(balancer, system.nodes.length, ending.signal);
  try {
    await sleep(seconds * 1_000, undefined, { signal: context.signal });
  } finally {
    ending.abort();
  }
  const [missed, out] = await Promise.all([byHand, thrownOut]);
  for (const why of missed) console.log(why);
  report({ name: 'edits and a refresh by hand work without Redis, through HAProxy', holds: missed.length === 0 });
  report({ name: 'HAProxy threw out no node', holds: out.length === 0 });
  await system.redis.start();
  const backMs = performance.now();
  await othersCurrent();
  const tookMs = performance.now() - backMs;
  report({
    name: `all live and current ${(tookMs / 1_000).toFixed(1)} s after Redis was back, ${CURRENT_WITHIN_MS / 1_000} s at most`,
    holds: tookMs <= CURRENT_WITHIN_MS,
  });
}

/** @returns which nodes were left, each time that HAProxy gave people to fewer than there are */
async function watchNodes({ state }: TestBalancer, nodes: number, signal: AbortSignal): Promise<string[]> {
  const left = new Set<string>();
  while (!signal.aborted) {
    const up = await state.nodesUp('usable');
    if (up.length < nodes) left.add(up.join(', '));
    await pause(LOOK_EVERY_MS, signal);
  }
  return [...left];
}

function balancerOf({ system }: Scene): TestBalancer {
  if (!system.balancer) throw new Error('there is no balancer');
  return system.balancer;
}
