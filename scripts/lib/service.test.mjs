import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from './failure.mjs';
import { inRoot } from './paths.mjs';
import { commandOf } from './process-table.mjs';
import { startService } from './service.mjs';
import { StopStack } from './stop-stack.mjs';

/** Writes its process id, then runs until SIGTERM; notes that it was asked. */
const SERVICE = `
  const fs = require('node:fs');
  const [folder] = process.argv.slice(1);
  process.on('SIGTERM', () => { fs.writeFileSync(folder + '/asked', ''); process.exit(0); });
  setInterval(() => {}, 1000);
  fs.writeFileSync(folder + '/pid', String(process.pid));
`;

/** @type {string} */
let home;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'meldesync-service-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/**
 * @param {string} code
 * @param {string[]} [removeFolders]
 * @returns {import('./service.mjs').KeeperOrder}
 */
function order(code, removeFolders = []) {
  return {
    command: process.execPath,
    args: ['-e', code, home],
    cwd: '/',
    logFile: join(home, 'log'),
    stopSignal: 'SIGTERM',
    killSignal: 'SIGKILL',
    graceMs: 5_000,
    removeFolders,
  };
}

const isUp = () => existsSync(join(home, 'pid')) && readFileSync(join(home, 'pid'), 'utf8') !== '';
const servicePid = () => Number(readFileSync(join(home, 'pid'), 'utf8'));

/** @param {() => boolean} condition */
async function until(condition) {
  while (!condition()) await sleep(20);
}

describe('a service under its keeper', () => {
  it('is asked to stop, waited for, and its folders removed', async () => {
    const stack = new StopStack();
    const folder = join(home, 'gone-afterwards');
    mkdirSync(folder);
    const service = startService(stack, 'sample', order(SERVICE, [folder]));
    await service.waitUntil(isUp, 10_000);
    const pid = servicePid();

    await stack.stopAll();

    expect(existsSync(join(home, 'asked'))).toBe(true);
    expect(commandOf(pid)).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
  });

  it('stops properly when its owner is killed', async () => {
    const owner = `
      import { startService } from ${JSON.stringify(inRoot('scripts/lib/service.mjs'))};
      import { StopStack } from ${JSON.stringify(inRoot('scripts/lib/stop-stack.mjs'))};
      startService(new StopStack(), 'sample', JSON.parse(process.argv[1]));
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', owner, JSON.stringify(order(SERVICE))]);
    await until(isUp);
    const pid = servicePid();

    child.kill('SIGKILL');

    await until(() => commandOf(pid) === undefined);
    expect(existsSync(join(home, 'asked'))).toBe(true);
  });

  it('that ends before it is ready is a failure with its last words', async () => {
    const service = startService(new StopStack(), 'sample', order('console.error("no room left"); process.exit(3)'));
    await expect(service.waitUntil(() => false, 10_000)).rejects.toThrow(/sample ended[\s\S]*no room left/);
  });

  it('that cannot be started at all is a failure that says why', async () => {
    const broken = { ...order(''), command: join(home, 'no-such-program') };
    const service = startService(new StopStack(), 'sample', broken);
    await expect(service.waitUntil(() => false, 10_000)).rejects.toThrow(/ENOENT/);
  });

  it('that ends by itself later is reported', async () => {
    const stack = new StopStack();
    /** @type {Promise<unknown>} */
    const failure = new Promise((resolve) => stack.onFailure(resolve));
    const service = startService(stack, 'sample', order(SERVICE));
    await service.waitUntil(isUp, 10_000);

    execFileSync('kill', ['-KILL', String(servicePid())]);

    expect(await failure).toBeInstanceOf(Failure);
  });
});
