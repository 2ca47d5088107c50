import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chooseServicePort, claimDataFolder, readSecrets } from './data-folder.mjs';
import { describeError, Failure } from './failure.mjs';
import { StopStack } from './stop-stack.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meldesync-data-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * What a start says of a data folder that it cannot use.
 * @param {() => unknown} work
 */
async function said(work) {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    const text = describeError(error);
    expect(text.split('\n')).toHaveLength(1);
    return text;
  }
  throw new Error('it was taken');
}

it.each([
  ['a file in its way', () => join(folder, 'file', 'data'), 'ENOTDIR'],
  ['a file system that takes nothing', () => '/proc/meldesync-data', 'ENOENT'],
])('a folder that cannot be made, %s, is said in a line', async (_name, place, code) => {
  writeFileSync(join(folder, 'file'), '');
  const dataDir = place();
  expect(await said(() => claimDataFolder(new StopStack(), dataDir))).toMatch(
    new RegExp(`^The data folder ${dataDir} cannot be used: .* \\(${code}\\)\\. .*DATA_DIR=… npm start$`),
  );
});

it('files in it that are damaged, or cannot be written, are said in a line with what to do', async () => {
  writeFileSync(join(folder, 'secrets.json'), '{');
  expect(await said(() => readSecrets(folder))).toMatch(/secrets\.json cannot be read: it is no JSON\. .*put it back/);
  writeFileSync(join(folder, 'ports.json'), '{');
  expect(await said(() => chooseServicePort(folder, 'redis', undefined))).toMatch(/ports\.json .* Delete it/);
  rmSync(join(folder, 'secrets.json'));
  mkdirSync(join(folder, `secrets.json.${process.pid}`));
  expect(await said(() => readSecrets(folder))).toMatch(/cannot be used: .* \(EISDIR\)/);
});

it('what it holds is its owner’s alone, also where a start of before left it open', async () => {
  for (const name of ['logs', 'redis', 'apps']) {
    mkdirSync(join(folder, name));
    chmodSync(join(folder, name), 0o755);
  }
  for (const name of ['ports.json', 'checkpoints-worker.jsonl'])
    writeFileSync(join(folder, name), '{}', { mode: 0o644 });
  claimDataFolder(new StopStack(), folder);
  readSecrets(folder);
  await chooseServicePort(folder, 'redis', undefined);
  const modes = ['logs', 'redis', 'apps', 'ports.json', 'secrets.json', 'checkpoints-worker.jsonl'].map((name) =>
    (statSync(join(folder, name)).mode & 0o777).toString(8),
  );
  expect(modes).toEqual(['700', '700', '700', '600', '600', '600']);
});
