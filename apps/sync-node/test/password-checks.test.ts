import crypto from 'node:crypto';
import { request } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { eventually, expectProblem, startWitness } from '@meldesync/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { setUpApi } from './api-setup.ts';

const { cluster, anna } = await setUpApi();
const [watched = 0] = await cluster.addRecords(1, { first: 100 });
const witness = await startWitness(cluster, watched);

/** One runs, so many wait. */
const TAKEN = 1 + 20;

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** Watches Node's own `scrypt`, whoever calls it: how many run at a time. None begins before `release`. */
function watchScrypt() {
  const real = crypto.scrypt;
  const held: (() => void)[] = [];
  const seen = { running: 0, most: 0, all: 0 };
  let isHeld = true;
  vi.spyOn(crypto, 'scrypt').mockImplementation((...given: unknown[]) => {
    const done = given.pop() as (...results: unknown[]) => void;
    seen.running += 1;
    seen.all += 1;
    seen.most = Math.max(seen.most, seen.running);
    const begin = () =>
      Reflect.apply(real, crypto, [
        ...given,
        (...results: unknown[]) => {
          seen.running -= 1;
          done(...results);
        },
      ]);
    if (isHeld) held.push(begin);
    else begin();
  });
  syncBuiltinESMExports();
  return {
    seen,
    release: () => {
      isHeld = false;
      for (const begin of held.splice(0)) begin();
    },
  };
}

/** Signs in from an address of its own, so that no limit an address has is met. */
function signIn(index: number, email: string, password: string): Promise<Response> {
  const { hostname, port } = new URL(cluster.url());
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        path: '/api/auth/sign-in/email',
        method: 'POST',
        localAddress: `127.0.7.${index + 1}`,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => {
          const {
            'content-type': type = '',
            'cache-control': cache = '',
            'retry-after': retry = '',
          } = response.headers;
          resolve(
            new Response(text, {
              status: response.statusCode ?? 0,
              headers: { 'content-type': type, 'cache-control': cache, 'retry-after': retry },
            }),
          );
        });
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify({ email, password }));
  });
}

it('one password is checked at a time, some wait, and all others are told to come back before anything is done', async () => {
  const { seen, release } = watchScrypt();
  const answers: Response[] = [];
  const all = Array.from({ length: 60 }, async (_, index) => {
    const email = index % 2 === 0 ? anna.email : 'nobody@test.example';
    answers.push(await signIn(index, email, 'wrong-wrong-wrong'));
  });
  // While the first check has not even begun, all who find no place have their answer, and everybody else goes on.
  await eventually(() => expect(answers).toHaveLength(60 - TAKEN));
  await witness.seesEdits();
  expect(seen).toEqual({ running: 1, most: 1, all: 1 });
  for (const answer of answers) {
    expect(answer.headers.get('retry-after')).toBe('5');
    await expectProblem(answer, 'unavailable');
  }
  release();
  await Promise.all(all);
  await witness.seesEdits();
  expect(answers.slice(60 - TAKEN).map(({ status }) => status)).toEqual(Array(TAKEN).fill(401));
  expect(seen).toEqual({ running: 0, most: 1, all: TAKEN });
});

it('afterwards the right password signs in, with the hash that better-auth made before', async () => {
  expect((await signIn(100, anna.email, anna.password)).status).toBe(200);
});

it('and so it does with a hash that a later release made, one at a time as well', async () => {
  const salt = Buffer.from('a salt of 16 byt');
  const key = crypto.scryptSync(anna.password, salt, 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 });
  const [inSalt, inKey] = [salt, key].map((bytes) => bytes.toString('base64').replace(/=+$/, ''));
  const hash = `$scrypt$ln=17,r=8,p=1$${inSalt}$${inKey}`;
  await cluster.sql(`update auth.account set password = $2 where user_id = $1`, [anna.id, hash]);
  const { seen, release } = watchScrypt();
  release();
  const answers = await Promise.all([101, 102, 103].map((index) => signIn(index, anna.email, anna.password)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await signIn(104, anna.email, 'wrong-wrong-wrong')).status).toBe(401);
  expect(seen).toEqual({ running: 0, most: 1, all: 4 });
});
