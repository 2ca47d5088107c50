import { createLogger } from '@meldesync/telemetry';
import { expectProblem, type TestPerson } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';
import { CookieJar } from './cookie-jar.ts';

/** The lines that the node writes. */
const written: string[] = [];
const { cluster } = await setUpApi({
  nodeLogger: createLogger({ name: 'node', level: 'debug', format: 'json', write: (line) => written.push(line) }),
});
const join = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });
const lastEvent = async () => (await cluster.sql('select * from events order by id desc limit 1'))[0];

describe('who fails to sign in', () => {
  it('is on record by account and address, never with what was typed', async () => {
    const berta = await join('Berta');
    for (const [email, subject] of [
      [berta.email.toUpperCase(), `user:${berta.id}`],
      ['nobody-of-ours@elsewhere.example', null],
    ] as const) {
      expect((await new CookieJar(cluster).signIn(email, 'typed-by-mistake')).status).toBe(401);
      const event = await lastEvent();
      expect(event).toMatchObject({
        kind: 'sign-in-failed',
        actor: 'system',
        subject,
        address: '127.0.0.1',
        after: { method: 'password' },
      });
      for (const typed of ['typed-by-mistake', 'elsewhere.example']) expect(JSON.stringify(event)).not.toContain(typed);
    }
    const lines = written.filter((line) => line.includes('sign-in-refused'));
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ signInMethod: 'password', user: berta.id, address: '127.0.0.1' }),
      expect.objectContaining({ signInMethod: 'password', address: '127.0.0.1' }),
    ]);
    for (const typed of ['typed-by-mistake', 'elsewhere.example', berta.email, berta.email.toUpperCase()])
      expect(written.join('')).not.toContain(typed);
  });

  it('gets the same answer whether there is no account, none to sign in with, or another password', async () => {
    const [known, closed, program] = [await join('Clara'), await join('Dieter'), await join('Programm')];
    await cluster.sql('update auth."user" set disabled_at = now() where id = $1', [closed.id]);
    await cluster.sql(`update auth."user" set kind = 'service' where id = $1`, [program.id]);
    const answers = [];
    for (const [email, password] of [
      [known.email, 'not the password'],
      ['nobody@test.example', 'not the password'],
      [closed.email, 'not the password'],
      [closed.email, closed.password],
      [program.email, program.password],
    ] as const) {
      const answer = await new CookieJar(cluster).signIn(email, password);
      answers.push({ status: answer.status, body: await answer.json(), cookies: answer.headers.getSetCookie() });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'credentials-wrong' } });
    expect(await lastEvent()).toMatchObject({ kind: 'sign-in-failed', subject: `user:${program.id}` });
  });
});

it('who signs in is on record with the session', async () => {
  const emil: TestPerson = await join('Emil');
  expect((await new CookieJar(cluster).signIn(emil.email, emil.password)).status).toBe(200);
  const [session] = await cluster.sql(
    'select id, method from auth.session where user_id = $1 order by created_at desc limit 1',
    [emil.id],
  );
  expect(session).toMatchObject({ method: 'password' });
  expect(await lastEvent()).toMatchObject({
    kind: 'sign-in',
    actor: `user:${emil.id}`,
    subject: `user:${emil.id}`,
    session_id: session?.['id'],
    address: '127.0.0.1',
    after: { method: 'password' },
  });
});

it('an account that is closed keeps nobody in: neither by cookie nor by token', async () => {
  const frida = await join('Frida');
  const jar = new CookieJar(cluster);
  await jar.signIn(frida.email, frida.password);
  await cluster.sql('update auth."user" set disabled_at = now() where id = $1', [frida.id]);
  await expectProblem(await jar.get('/api/v1/me'), 'unauthenticated');
  const byToken = await fetch(`${cluster.url()}/api/v1/me`, { headers: { authorization: `Bearer ${frida.token}` } });
  await expectProblem(byToken, 'unauthenticated');
});
