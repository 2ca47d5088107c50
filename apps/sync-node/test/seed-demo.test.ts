import { disableDemo, needsSetUp } from '@meldesync/db';
import { CLOSE_CODES } from '@meldesync/protocol';
import { connectRaw } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { seedDemo } from '../src/seed-demo.ts';
import { setUpAdministration } from './administration-setup.ts';

const { cluster, database, done, signIn } = await setUpAdministration();

const sessions = () =>
  cluster.sql(`select "user".email from auth.session join auth."user" on "user".id = session.user_id
    where "user".email like '%@demo.example'`);

it('the demo’s people are signed in nowhere before they sign in', async () => {
  const accounts = await seedDemo(database);
  expect(await seedDemo(database)).toEqual(accounts);
  expect(await sessions()).toEqual([]);
  const [{ email, password } = { email: '', password: '' }] = accounts;
  await signIn(email, password);
  expect(await sessions()).toEqual([{ email }]);
});

it('the demo is marked, its administrator administers the installation, which still waits for a real one', async () => {
  expect(await done('/entry')).toMatchObject({ needsSetUp: true, isDemo: true });
  const admin = await signIn('admin@demo.example', 'demo-admin-2026');
  expect(await done('/me', { as: admin })).toMatchObject({ user: { isInstallationAdmin: true } });
  expect(await done('/administration/workspaces', { as: admin })).toMatchObject({
    workspaces: [
      { name: 'Humangenetik', isDemo: true, members: 4 },
      { name: 'Testklinik', isDemo: false, members: 0 },
    ],
  });
});

it('without the demo its people are signed out at once and cannot sign in, until it is wanted again', async () => {
  const [email, password] = ['team1@demo.example', 'demo-team1-2026'] as const;
  const { token } = await signIn(email, password);
  const { workspaces } = await done<{ workspaces: { id: string }[] }>('/me', { as: { token } });
  const socket = await connectRaw(cluster.url(), { token });
  socket.send({ type: 'hello', workspace: workspaces[0]?.id ?? '', client: { kind: 'api', version: '1' } });
  await socket.next('welcome');
  await disableDemo(database);
  expect(await socket.closeCode()).toBe(CLOSE_CODES.unauthenticated);
  expect(await sessions()).toEqual([]);
  expect(await needsSetUp(database.drizzle)).toBe(true);
  expect(await done('/entry')).toMatchObject({ needsSetUp: true, isDemo: false });
  await expect(signIn(email, password)).rejects.toThrow();
  await seedDemo(database);
  await signIn(email, password);
});

it('a workspace that is no demo is left to its people, whatever it is called', async () => {
  const marked = await cluster.sql('select name, is_demo from workspaces order by name');
  expect(marked).toEqual([
    { name: 'Humangenetik', is_demo: true },
    { name: 'Testklinik', is_demo: false },
  ]);
});
