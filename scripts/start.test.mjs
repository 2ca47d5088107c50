import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi, createSyncClient } from '../packages/client/src/index.ts';
import { clientAccess, eventually, freePort, sampleCsv } from '../testkit/src/index.ts';
import { inRoot } from './lib/paths.mjs';
import { commandOf } from './lib/process-table.mjs';

const APPS = ['relay', 'worker', 'node-1', 'node-2'];
/** One process of each kind. */
const KINDS = ['relay', 'worker', 'node-1', 'redis', 'postgres'];
const PATIENCE_MS = 90_000;
const START_MS = 60_000;

/**
 * `npm start` on a data folder of its own.
 * @param {{ dataDir: string, port: number, environment?: NodeJS.ProcessEnv }} place
 */
function start({ dataDir, port, environment = {} }) {
  // The runner of the tests has settings of its own, some under the same names.
  const { PATH, HOME, REDIS_SERVER_BIN } = process.env;
  const child = spawn(process.execPath, [inRoot('scripts/start.mjs')], {
    env: { PATH, HOME, REDIS_SERVER_BIN, NO_COLOR: '1', DATA_DIR: dataDir, PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  return { child, ended, output: () => output };
}

/** A folder that the user postgres gets to as well. */
function makeDataDir() {
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-start-'));
  chmodSync(folder, 0o755);
  return folder;
}

/**
 * The process id of each child, as they say themselves.
 * @param {string} dataDir
 * @returns {Record<string, number>}
 */
function processIds(dataDir) {
  /** @param {string} path */
  const first = (path) => Number(readFileSync(join(dataDir, path), 'utf8').split('\n')[0]);
  return {
    ...Object.fromEntries(APPS.map((name) => [name, first(`apps/${name}.pid`)])),
    redis: first('redis/redis.pid'),
    postgres: first('postgres/postmaster.pid'),
  };
}

/** @param {number} pid */
function parentOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
}

/**
 * Signs a demo account in.
 * @param {string} origin
 */
async function signIn(origin) {
  const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', 'meldesync-session-kind': 'terminal' },
    body: JSON.stringify({ email: 'team1@demo.example', password: 'demo-team1-2026' }),
  });
  return clientAccess(origin, answer.headers.get('set-auth-token') ?? '');
}

describe('npm start', () => {
  const dataDir = makeDataDir();
  let port = 0;
  /** @type {ReturnType<typeof start>} */
  let running;
  /** @type {import('../packages/client/src/index.ts').SyncClient[]} */
  let clients = [];
  /** @type {ReturnType<typeof createApi>} */
  let api;
  let workspace = '';
  let imported = 0;

  const begin = async () => {
    running = start({ dataDir, port });
    await eventually(() => expect(running.output()).toContain('MeldeSync is ready'), START_MS);
  };

  beforeAll(async () => {
    port = await freePort();
  });

  afterAll(async () => {
    for (const client of clients) client.stop();
    running.child.kill('SIGTERM');
    await running.ended;
    rmSync(dataDir, { recursive: true, force: true });
  }, PATIENCE_MS);

  /** Imports one more record, by way of the worker, and waits until every client shows it. */
  async function importOne() {
    imported += 1;
    const file = { name: `sample-${imported}.csv`, content: new Blob([sampleCsv(1, imported)]) };
    await eventually(async () => {
      await api.uploadImports(workspace, [file]);
    }, PATIENCE_MS);
    await eventually(() => {
      for (const client of clients) expect(client.store.size).toBe(imported);
    }, PATIENCE_MS);
  }

  /**
   * Edits a record as one client, and waits until the other shows it.
   * @param {string} note
   */
  async function editOne(note) {
    const [writer, reader] = clients;
    const [record] = [...(writer?.store.values() ?? [])];
    if (!writer || !reader || !record) throw new Error('there is nothing to edit');
    await eventually(async () => {
      const known = writer.store.get(record.id);
      const [outcome] = await writer.edit([{ record: record.id, baseVersion: known?.version ?? 0, set: { note } }]);
      expect(outcome?.outcome).toBe('accepted');
    }, PATIENCE_MS);
    await eventually(() => expect(reader.store.get(record.id)?.note).toBe(note), PATIENCE_MS);
  }

  /**
   * Waits until a child runs again, and looks that it was said once and that no other child ended.
   * @param {string} name
   * @param {Record<string, number>} before
   * @param {number} lengthBefore
   */
  async function expectRestart(name, before, lengthBefore) {
    // Lines that the child itself wrote have a bar behind its name.
    const about = new RegExp(`^${name} +[^| ]`);
    const said = () =>
      running
        .output()
        .slice(lengthBefore)
        .split('\n')
        .filter((line) => about.test(line));
    await eventually(() => expect(said().at(-1)).toMatch(/is up again$/), PATIENCE_MS);
    expect(said().filter((line) => line.includes('it is started again'))).toHaveLength(1);
    const { [name]: pid, ...others } = processIds(dataDir);
    const { [name]: pidBefore, ...othersBefore } = before;
    expect(others).toEqual(othersBefore);
    expect(pid).not.toBe(pidBefore);
    expect(commandOf(pidBefore ?? 0)).toBeUndefined();
  }

  it(
    'ends with the reason when a process cannot start the first time',
    async () => {
      running = start({ dataDir, port, environment: { IMPORT_CONCURRENCY: '0' } });
      expect(await running.ended).toBe(1);
      expect(running.output()).toMatch(/worker \| setting IMPORT_CONCURRENCY/);
      expect(running.output()).toMatch(/error worker ended by itself \(exit code 78\)/);
    },
    PATIENCE_MS,
  );

  it(
    'ends with the reason when its port is taken',
    async () => {
      const other = createServer().listen(port, '127.0.0.1');
      running = start({ dataDir, port });
      expect(await running.ended).toBe(1);
      expect(running.output()).toContain(`Port ${port} is taken by another program`);
      await new Promise((resolve) => other.close(resolve));
    },
    PATIENCE_MS,
  );

  it(
    'runs, and people edit and import',
    async () => {
      await begin();
      const access = await signIn(`http://localhost:${port}`);
      api = createApi(access);
      const { workspaces } = await api.me();
      workspace = workspaces[0]?.id ?? '';
      clients = [1, 2].map(() => createSyncClient({ ...access, workspace, client: { kind: 'api', version: 'test' } }));
      for (const client of clients) client.start();
      await importOne();
      await editOne('first');
    },
    PATIENCE_MS,
  );

  it(
    'R5.3 switches to debug and back on SIGHUP, each process by itself too, and nothing ends',
    async () => {
      const before = processIds(dataDir);
      const ports = JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8'));
      /** @param {string[]} levels of the apps */
      const expectLevels = (levels) =>
        eventually(async () => {
          const answers = APPS.map((name) => fetch(`http://127.0.0.1:${ports[`${name} metrics`]}/loglevel`));
          const told = (await Promise.all(answers)).map((answer) => answer.json());
          expect(await Promise.all(told)).toEqual(levels.map((level) => ({ level })));
        }, PATIENCE_MS);
      await expectLevels(['info', 'info', 'info', 'info']);
      running.child.kill('SIGHUP');
      await expectLevels(['debug', 'debug', 'debug', 'debug']);
      running.child.kill('SIGHUP');
      await expectLevels(['info', 'info', 'info', 'info']);
      process.kill(before['node-2'] ?? 0, 'SIGHUP');
      await expectLevels(['info', 'info', 'info', 'debug']);
      process.kill(before['node-2'] ?? 0, 'SIGHUP');
      await expectLevels(['info', 'info', 'info', 'info']);
      expect(processIds(dataDir)).toEqual(before);
      await editOne('after SIGHUP');
    },
    PATIENCE_MS,
  );

  it.each(KINDS.flatMap((name) => ['SIGKILL', 'SIGTERM'].map((signal) => ({ name, signal }))))(
    'starts $name again after $signal while the rest lives on; edits get through',
    async ({ name, signal }) => {
      const before = processIds(dataDir);
      const lengthBefore = running.output().length;
      process.kill(before[name] ?? 0, signal);
      await expectRestart(name, before, lengthBefore);
      await editOne(`${name} ${signal}`);
      if (signal === 'SIGKILL' && name !== 'node-1') await importOne();
    },
    PATIENCE_MS,
  );

  it.each(['redis', 'postgres'])(
    'starts %s again after its keeper was killed',
    async (name) => {
      const before = processIds(dataDir);
      const lengthBefore = running.output().length;
      process.kill(parentOf(before[name] ?? 0), 'SIGKILL');
      await expectRestart(name, before, lengthBefore);
      await editOne(`${name} without its keeper`);
    },
    PATIENCE_MS,
  );

  it(
    'starts beside what a start that was killed left behind, on the same data and port',
    async () => {
      const before = processIds(dataDir);
      running.child.kill('SIGKILL');
      await begin();
      for (const pid of Object.values(before)) expect(commandOf(pid)).toBeUndefined();
      await editOne('after the next start');
    },
    PATIENCE_MS,
  );

  it(
    'stops everything on Ctrl-C, also while a process waits to be started again',
    async () => {
      const before = processIds(dataDir);
      process.kill(before['node-1'] ?? 0, 'SIGKILL');
      running.child.kill('SIGINT');
      expect(await running.ended).toBe(0);
      expect(running.output()).toContain('everything has stopped');
      for (const pid of Object.values(before)) expect(commandOf(pid)).toBeUndefined();
    },
    PATIENCE_MS,
  );

  it(
    'ends everything at once on the second Ctrl-C',
    async () => {
      await begin();
      const before = processIds(dataDir);
      process.kill(before['node-1'] ?? 0, 'SIGSTOP');
      running.child.kill('SIGINT');
      await eventually(() => expect(commandOf(before['worker'] ?? 0)).toBeUndefined(), PATIENCE_MS);
      // Two signals that come together are one keystroke, which npm passes on.
      await sleep(1_000);
      running.child.kill('SIGINT');
      expect(await running.ended).toBe(1);
      await eventually(() => {
        for (const pid of Object.values(before)) expect(commandOf(pid)).toBeUndefined();
      }, PATIENCE_MS);
    },
    PATIENCE_MS,
  );
});
