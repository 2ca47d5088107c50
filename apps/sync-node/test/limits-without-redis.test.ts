import { type FaultProxy, startCluster, startFaultProxy } from '@meldesync/testkit';
import { afterAll, expect, it } from 'vitest';
import { signInFrom, times } from './limits-setup.ts';

const wires: FaultProxy[] = [];
const cluster = await startCluster({
  nodes: 2,
  relay: false,
  worker: false,
  logLevel: 'silent',
  serversOfNode: async (own) => {
    const wire = await startFaultProxy({ port: Number(new URL(own.redisUrl).port) });
    wires.push(wire);
    return { ...own, redisUrl: `redis://127.0.0.1:${wire.port}` };
  },
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  for (const wire of wires) await wire[Symbol.asyncDispose]();
});

const join = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });
const at = (node: number) => ({ port: cluster.nodes[node]?.port ?? 0 });

/** How long it takes to sign in. */
async function signInMs(name: string, node: number): Promise<number> {
  const person = await join(name);
  const begun = performance.now();
  expect((await signInFrom(person, person.password, at(node))).status).toBe(200);
  return performance.now() - begun;
}

it('a Redis that hangs delays no sign-in by more than a short while, and then none', async () => {
  await signInMs('Warm', 0);
  const usual = await signInMs('Anna', 0);
  for (const wire of wires) wire.silence();
  const first = await signInMs('Berta', 0);
  const next = [];
  for (const name of ['Carla', 'Dora', 'Emil']) next.push(await signInMs(name, 0));
  // One wait of 300 ms, and the rest is what a busy machine adds.
  expect(first - usual).toBeLessThan(1_000);
  expect(Math.min(...next) - usual).toBeLessThan(300);
});

it('while it hangs, and while it is away, each node counts on for itself', async () => {
  const frida = await join('Frida');
  const guess = (node: number, count: number) => times(count, 1, () => signInFrom(frida, 'not hers', at(node)));
  expect((await guess(0, 12)).at(-1)?.status).toBe(429);
  for (const wire of wires) wire.refuse();
  await cluster.redis.kill();
  expect((await guess(1, 10)).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 401));
  const last = await signInFrom(frida, frida.password, at(1));
  expect(last).toMatchObject({ status: 429, code: 'rate-limited' });
  expect(await signInMs('Gerda', 1)).toBeLessThan(5_000);
});
