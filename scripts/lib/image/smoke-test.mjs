import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDatabase, roleUrl } from '../database.mjs';
import { Failure } from '../failure.mjs';
import { inRoot } from '../paths.mjs';
import { chooseLocalPort } from '../ports.mjs';
import { startTestServices } from '../test-services.mjs';
import { startContainer } from './container.mjs';

const SECRETS = inRoot('.data/image/secrets');
const PATIENCE_MS = 120_000;

/** @param {boolean} holds @param {string} what @param {unknown} [found] */
function expectThat(holds, what, found) {
  if (!holds) throw new Failure(`The image was expected to be so: ${what}. Found: ${String(found)}`);
}

/**
 * The secrets of an installation as files, as a deployment mounts them.
 * @param {string} ownerUrl
 * @param {string} redisUrl
 */
function writeSecrets(ownerUrl, redisUrl) {
  rmSync(SECRETS, { recursive: true, force: true });
  mkdirSync(SECRETS, { recursive: true });
  /** @type {Record<string, string>} */
  const files = {
    'owner-database-url': ownerUrl,
    'redis-url': redisUrl,
    'auth-secret': randomBytes(24).toString('hex'),
  };
  for (const role of /** @type {const} */ (['app', 'auth', 'worker', 'relay'])) {
    const password = randomBytes(24).toString('hex');
    files[`${role}-db-password`] = password;
    files[`${role}-database-url`] = roleUrl(ownerUrl, role, password);
  }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(SECRETS, name), `${text}\n`);
    chmodSync(join(SECRETS, name), 0o444);
  }
}

/** @param {string} url @param {() => string} why */
async function untilAnswers(url, why) {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const status = await fetch(url).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > deadline) throw new Failure(`${url} answers ${status}\n${why()}`);
    await sleep(200);
  }
}

/**
 * Runs a whole installation of the image's files, read-only and as its own user, against a Postgres and a Redis beside it.
 * @param {import('../stop-stack.mjs').StopStack} stack
 * @param {string} rootfs
 * @param {Record<string, string>} image its own environment
 * @returns {Promise<string[]>} what was seen, a line each
 */
export async function smokeTest(stack, rootfs, image) {
  const { TEST_DATABASE_URL, TEST_REDIS_URL } = await startTestServices(stack, { durable: false });
  writeSecrets(await ensureDatabase(TEST_DATABASE_URL), TEST_REDIS_URL);
  const port = await chooseLocalPort(undefined);
  const baseUrl = `http://localhost:${port}`;
  /** @type {string[]} */
  const seen = [];

  /** @param {string} secret */
  const file = (secret) => `/run/secrets/${secret}`;
  /**
   * @param {string} name
   * @param {string[]} args
   * @param {Record<string, string>} settings
   */
  const start = (name, args, settings) =>
    startContainer({
      rootfs,
      secrets: SECRETS,
      name: `meldesync-check-${name}`,
      args,
      environment: { ...image, NODE_NAME: name, ...settings },
    });

  const unknown = await start('unknown', ['everything'], {}).ended;
  expectThat(
    unknown.status === 64 && unknown.output.trim().split('\n').length === 1,
    'one line about a role',
    unknown.output,
  );
  seen.push(`a wrong role: ${unknown.output.trim()}`);

  const settings = {
    node: {
      BASE_URL: baseUrl,
      PORT: String(port),
      DATABASE_URL_FILE: file('app-database-url'),
      AUTH_DATABASE_URL_FILE: file('auth-database-url'),
      REDIS_URL_FILE: file('redis-url'),
      AUTH_SECRET_FILE: file('auth-secret'),
    },
    relay: { DATABASE_URL_FILE: file('relay-database-url'), REDIS_URL_FILE: file('redis-url') },
    worker: { DATABASE_URL_FILE: file('worker-database-url'), REDIS_URL_FILE: file('redis-url') },
  };
  for (const wrong of [{ BASE_URL: 'meldesync.example' }, { AUTH_SECRET_FILE: file('none') }]) {
    const [name = ''] = Object.keys(wrong);
    const { status, output } = await start('wrong', ['node'], { ...settings.node, ...wrong }).ended;
    const isOneLine = output.trim().split('\n').length === 1 && output.includes(name);
    expectThat(status === 78 && isOneLine, `exit status 78 and one line about ${name}`, `${status} ${output}`);
    seen.push(`a wrong setting: ${output.trim()}`);
  }

  const migrated = await start('migrate', ['migrate'], {
    DATABASE_URL_FILE: file('owner-database-url'),
    APP_DB_PASSWORD_FILE: file('app-db-password'),
    AUTH_DB_PASSWORD_FILE: file('auth-db-password'),
    WORKER_DB_PASSWORD_FILE: file('worker-db-password'),
    RELAY_DB_PASSWORD_FILE: file('relay-db-password'),
  }).ended;
  expectThat(migrated.status === 0, 'migrations run', migrated.output);
  seen.push('migrate: exit status 0');

  const setUp = await start('set-up', ['set-up'], {
    BASE_URL: baseUrl,
    DATABASE_URL_FILE: file('auth-database-url'),
  }).ended;
  expectThat(setUp.output.includes(`"url":"${baseUrl}/`), 'a link to set up', setUp.output);
  seen.push('set-up: prints a link');

  const adminPorts = { node: 0, relay: 0, worker: 0 };
  const running = [];
  for (const role of /** @type {const} */ (['relay', 'worker', 'node'])) {
    adminPorts[role] = await chooseLocalPort(undefined);
    const container = start(role, [role], { ...settings[role], ADMIN_PORT: String(adminPorts[role]) });
    let isOver = false;
    void container.ended.then(() => {
      isOver = true;
    });
    stack.push({
      name: role,
      stop: async () => {
        if (!isOver) container.kill('SIGTERM');
        await container.ended;
      },
      kill: () => container.kill('SIGKILL'),
    });
    running.push({ role, container });
  }
  for (const { role, container } of running) {
    await untilAnswers(`http://127.0.0.1:${adminPorts[role]}/readyz`, container.output);
    const health = await container.exec(['/app/entrypoint.sh', 'health', 'readyz']);
    seen.push(`${role}: /readyz 200, health ${health.trim() === '' ? 'silent' : health.trim()}`);
  }
  await untilAnswers(`${baseUrl}/readyz?live`, () => 'the node hears no changes');
  const page = await fetch(`${baseUrl}/`);
  const text = await page.text();
  expectThat(page.status === 200 && text.includes('MeldeSync'), 'the web app is served', page.status);
  const signIn = await fetch(`${baseUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: baseUrl },
    body: JSON.stringify({ email: 'nobody@meldesync.example', password: 'no such password' }),
  });
  expectThat(signIn.status === 401, 'a stranger is not signed in', signIn.status);
  seen.push(`web app: 200, ${text.length} bytes; /readyz?live: 200; sign-in of a stranger: ${signIn.status}`);

  const node = running.at(-1)?.container;
  const who = (await node?.exec(['id', '-u']))?.trim();
  expectThat(who === '10001', 'it runs as 10001', who);
  const written = await node?.exec(['sh', '-c', 'touch /app/x /etc/x 2>&1 || touch /tmp/x']);
  expectThat((written?.match(/Read-only file system/g) ?? []).length === 2, 'nothing but /tmp can be written', written);
  seen.push(`as uid ${who}; ${written?.trim().replaceAll('\n', '; ')}`);

  for (const { role, container } of running.toReversed()) {
    const startedMs = performance.now();
    container.kill('SIGTERM');
    const { status, output } = await container.ended;
    expectThat(status === 0, `${role} ends in order`, output);
    seen.push(`${role}: SIGTERM, exit status 0 after ${Math.round(performance.now() - startedMs)} ms`);
  }
  return seen;
}
