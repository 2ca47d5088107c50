import { comparePositions, type Frame } from '@meldesync/protocol';
import { connectRaw, eventually, readMetrics, startCluster, startWitness, sumOf } from '@meldesync/testkit';
import { expect, it } from 'vitest';

it('R4.5 a slow connection gets changes merged and further apart, without a gap; a quick one beside it everything at once', async () => {
  await using cluster = await startCluster({ nodes: 1, worker: false });
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const [watched = 0, busy = 0] = await cluster.addRecords(2);
  const witness = await startWitness(cluster, watched);
  const open = async () => {
    const socket = await connectRaw(cluster.url(), { token: anna.token });
    socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
    await socket.next('welcome');
    socket.send({ type: 'subscribe', cursor: witness.cursor });
    await socket.next('subscribed');
    await socket.next('presence');
    const frames = (): Frame[] =>
      socket.messages.flatMap((message) => (message.type === 'frames' ? message.frames : []));
    return { socket, frames };
  };
  const slow = await open();
  const quick = await open();

  // One bad round trip may be chance; two are not.
  slow.socket.send({ type: 'ping', sentAt: 1, roundTripMs: 2_000, applyLagMs: 0 });
  expect((await slow.socket.next('pong')).head).toBeDefined();
  slow.socket.send({ type: 'ping', sentAt: 2, roundTripMs: 2_000, applyLagMs: 0 });
  expect(await slow.socket.next('tier')).toEqual({ type: 'tier', everyMs: 1_000 });
  // What waits for the tier was not sent before the pong, so the pong does not say that it was.
  expect((await slow.socket.next('pong')).head).toBeUndefined();

  const metrics = await readMetrics(cluster.nodes[0]);
  expect(sumOf(metrics, 'meldesync_connections_by_tier', { tier: '1000' })).toBe(1);
  // The witness is the second one.
  expect(sumOf(metrics, 'meldesync_connections_by_tier', { tier: '0' })).toBe(2);
  expect(sumOf(metrics, 'meldesync_subscriptions_total', { outcome: 'live' })).toBe(3);

  const rounds = 20;
  for (let round = 1; round <= rounds; round++) {
    await cluster.sql('update records set note = $2 where id = $1', [busy, `round ${round}`]);
  }
  const versions = (frames: readonly Frame[]) =>
    frames.flatMap(({ changes }) => changes).flatMap(({ record, version }) => (record === busy ? version : []));
  await eventually(() => expect(versions(quick.frames()).at(-1)).toBe(rounds + 1));
  await eventually(() => expect(versions(slow.frames()).at(-1)).toBe(rounds + 1));
  expect(versions(quick.frames())).toHaveLength(rounds);
  expect(versions(slow.frames()).length).toBeLessThan(rounds);
  expect(slow.frames().at(-1)?.id).toBe(quick.frames().at(-1)?.id);
  let position = witness.cursor.split(':')[1] ?? '';
  for (const frame of slow.frames()) {
    // P9: a frame that came with the catch-up may come again.
    if (comparePositions(frame.id, position) <= 0) continue;
    expect(comparePositions(frame.prev, position)).toBeLessThanOrEqual(0);
    position = frame.id;
  }
  const last = slow
    .frames()
    .flatMap(({ changes }) => changes)
    .at(-1);
  expect(last?.set).toEqual({ note: `round ${rounds}` });

  // Locks and who is here do not wait for the tier.
  quick.socket.send({ type: 'lock', request: 'r1', records: [busy] });
  const { lock } = await quick.socket.next('lock-granted');
  await eventually(() => {
    const told = slow.socket.messages.some(
      (message) => message.type === 'locks' && message.set.some((one) => one.lock === lock.lock),
    );
    expect(told).toBe(true);
  });
  for (const { socket } of [slow, quick]) await socket[Symbol.asyncDispose]();
});
