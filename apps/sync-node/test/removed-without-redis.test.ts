import { connectRaw, eventually } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { addTeam, setUpAdministration } from './administration-setup.ts';

const { cluster, call } = await setUpAdministration({ logLevel: 'silent' });

it('R1.5 who is removed while Redis is away is out at once, and stays out when it is back', async () => {
  const { admin, editor } = await addTeam(cluster);
  const { workspace } = cluster;
  const hello = { type: 'hello', workspace, client: { kind: 'web', version: 'test' } } as const;
  await using socket = await connectRaw(cluster.url(), { token: editor.token });
  socket.send(hello);
  await socket.next('welcome');
  await cluster.redis.kill();

  const removed = await call(`/administration/workspaces/${workspace}/members/${editor.id}`, {
    as: admin,
    method: 'DELETE',
  });
  expect(removed.status).toBe(204);
  expect(await socket.closeCode()).toBe(4403);
  const kept = `select count(*)::int as count from events where kind = 'member-removed' and subject = $1`;
  expect(await cluster.sql(kept, [`user:${editor.id}`])).toEqual([{ count: 1 }]);

  await cluster.redis.start();
  await eventually(async () =>
    expect(await (await fetch(`${cluster.url()}/readyz`)).json()).toMatchObject({ live: true }),
  );
  await using again = await connectRaw(cluster.url(), { token: editor.token });
  again.send(hello);
  expect(await again.closeCode()).toBe(4403);
});
