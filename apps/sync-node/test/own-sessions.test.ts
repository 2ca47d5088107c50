import { CLOSE_CODES, type OwnSession } from '@meldesync/protocol';
import { connectRaw, expectProblem, startCluster, type TestPerson } from '@meldesync/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { callNode, helloTo, signInAt } from './sessions-setup.ts';

const cluster = await startCluster({ nodes: 2, worker: false });
afterAll(() => cluster[Symbol.asyncDispose]());

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0';
const addPerson = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });
const own = (person: TestPerson, path = '', method = 'GET', node = 0) =>
  callNode(cluster, node, `/api/v1/me/sessions${path}`, { as: person, method });
const listed = async (person: TestPerson) =>
  ((await (await own(person)).json()) as { sessions: OwnSession[] }).sessions;

async function greeted(person: TestPerson, node: number) {
  const socket = await connectRaw(cluster.url(node), { token: person.token });
  socket.send(helloTo(cluster));
  await socket.next('welcome');
  return socket;
}

/** How long it took, in milliseconds. */
async function timed(work: Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work;
  return performance.now() - since;
}

describe('one’s own sessions', () => {
  it('are listed with what one knows them by, however old the one is that asks', async () => {
    const anna = await addPerson('Anna');
    const { person } = await signInAt(cluster, 0, anna, { 'user-agent': FIREFOX, 'meldesync-session-kind': 'browser' });
    expect(person.token).toBe('');
    await cluster.sql(
      `update auth.session set created_at = now() - interval '6 days', updated_at = now() - interval '6 days'
       where user_id = $1 and user_agent = ''`,
      [anna.id],
    );
    const sessions = await listed(anna);
    expect(sessions).toHaveLength(2);
    expect(sessions[0]).toMatchObject({ isCurrent: true });
    expect(sessions[1]).toMatchObject({
      isCurrent: false,
      kind: 'browser',
      program: 'Firefox',
      system: 'Windows',
      address: '127.0.0.1',
      isShared: false,
    });
    expect(Date.parse(sessions[1]?.expiresAt ?? '') - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
  });

  it('those that are over are not among them', async () => {
    const anna = await addPerson('Anna Liste');
    const gone = await signInAt(cluster, 0, anna);
    await cluster.sql(`update auth.session set last_input_at = now() - interval '13 hours' where id = $1`, [
      gone.session,
    ]);
    expect(await listed(anna)).toHaveLength(1);
    // They are taken away when another begins.
    await signInAt(cluster, 0, anna);
    expect(await cluster.sql('select id from auth.session where id = $1', [gone.session])).toEqual([]);
    expect(
      await cluster.sql('select actor, after from events where subject = $1 and kind = $2', [
        `session:${gone.session}`,
        'session-ended',
      ]),
    ).toEqual([{ actor: 'system', after: { because: 'time' } }]);
  });

  it('one of them is ended on every node within a second, and nobody else’s', async () => {
    const [anna, ben] = [await addPerson('Anna Eine'), await addPerson('Ben')];
    const other = await signInAt(cluster, 1, anna);
    await using socket = await greeted(other.person, 1);
    await using stays = await greeted(anna, 1);
    await expectProblem(await own(ben, `/${other.session}`, 'DELETE'), 'session-not-found');
    expect((await own(anna, `/${other.session}`, 'DELETE')).status).toBe(204);
    expect(await timed(socket.closeCode())).toBeLessThan(1_000);
    expect(socket.closed?.code).toBe(CLOSE_CODES.unauthenticated);
    await expectProblem(await own(other.person), 'unauthenticated');
    await expectProblem(await own(anna, `/${other.session}`, 'DELETE'), 'session-not-found');
    expect(stays.closed).toBeUndefined();
    const events = await cluster.sql('select actor, session_id, before from events where kind = $1 and subject = $2', [
      'session-ended',
      `session:${other.session}`,
    ]);
    expect(events).toEqual([
      {
        actor: `user:${anna.id}`,
        session_id: (await listed(anna))[0]?.id,
        before: { user: anna.id, kind: 'terminal' },
      },
    ]);
  });

  it('all others are ended, or all, and a browser forgets its cookie', async () => {
    const anna = await addPerson('Anna Alle');
    const others = [await signInAt(cluster, 0, anna), await signInAt(cluster, 1, anna)];
    const sockets = await Promise.all(others.map(({ person }, node) => greeted(person, node)));
    expect(await (await own(anna, '', 'DELETE')).json()).toEqual({ ended: 2 });
    for (const socket of sockets) expect(await timed(socket.closeCode())).toBeLessThan(1_000);
    expect(await listed(anna)).toHaveLength(1);
    await using last = await greeted(anna, 1);
    const everywhere = await own(anna, '?all=1', 'DELETE');
    expect(await everywhere.json()).toEqual({ ended: 1 });
    expect(everywhere.headers.get('set-cookie')).toMatch(/^meldesync\.session_token=; Max-Age=0; Path=\//);
    expect(await timed(last.closeCode())).toBeLessThan(1_000);
    await expectProblem(await own(anna), 'unauthenticated');
  });
});

describe('to prove once more who one is', () => {
  const prove = (person: TestPerson, password: unknown) =>
    callNode(cluster, 0, '/api/v1/me/reauthenticate', { method: 'POST', as: person, json: { password } });
  const provenAt = async (person: TestPerson) =>
    (
      await cluster.sql(
        `select authenticated_at > now() - interval '1 minute' as fresh from auth.session where user_id = $1`,
        [person.id],
      )
    )[0]?.['fresh'];

  it('the right password counts for the session, the wrong one is on record', async () => {
    const clara = await addPerson('Clara');
    await cluster.sql(`update auth.session set authenticated_at = now() - interval '1 day' where user_id = $1`, [
      clara.id,
    ]);
    await expectProblem(await prove(clara, 'not hers'), 'password-wrong');
    expect(await provenAt(clara)).toBe(false);
    await expectProblem(await prove(clara, 12), 'invalid-field');
    expect((await prove(clara, clara.password)).status).toBe(204);
    expect(await provenAt(clara)).toBe(true);
    const [{ id = '' } = {}] = await cluster.sql('select id from auth.session where user_id = $1', [clara.id]);
    const events = await cluster.sql(
      `select kind, actor, address from events where subject = $1 and kind ~ '^reauth' order by id`,
      [`session:${String(id)}`],
    );
    const actor = `user:${clara.id}`;
    expect(events).toEqual([
      { kind: 'reauthentication-failed', actor, address: '127.0.0.1' },
      { kind: 'reauthenticated', actor, address: '127.0.0.1' },
    ]);
  });

  it('an account without a password is told so', async () => {
    const dora = await addPerson('Dora');
    await cluster.sql('delete from auth.account where user_id = $1', [dora.id]);
    await expectProblem(await prove(dora, 'whatever'), 'no-password');
  });

  it('wrong passwords slow those that follow, on whichever node', async () => {
    const ella = await addPerson('Ella');
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        callNode(cluster, index % 2, '/api/v1/me/reauthenticate', {
          method: 'POST',
          as: ella,
          json: { password: 'not hers' },
        }),
      ),
    );
    // Ten are free, over both nodes; where looking at them takes long, a few more have waited for their turn.
    expect(answers.filter(({ status }) => status === 403).length).toBeLessThanOrEqual(14);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(26);
    for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await expectProblem(await prove(ella, ella.password), 'rate-limited');
  });
});
