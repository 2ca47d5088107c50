import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inRoot } from '../paths.mjs';
import { KNOWN_BINARIES, OWN_BINARY, readHashes, wrongBinary } from './socket-binaries.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meldesync-sockets-'));
  copyFileSync(inRoot('node_modules/uWebSockets.js', OWN_BINARY), join(folder, OWN_BINARY));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param {string} name one byte of it becomes another */
function alter(name) {
  const bytes = readFileSync(join(folder, name));
  bytes[4_096] = (bytes[4_096] ?? 0) ^ 1;
  writeFileSync(join(folder, name), bytes);
}

describe('the native code of uWebSockets.js', () => {
  it('is what was looked at', () => {
    expect(wrongBinary()).toBeUndefined();
    expect(KNOWN_BINARIES.has(OWN_BINARY)).toBe(true);
  });

  it('is refused in one line where a single bit of it differs', () => {
    expect(wrongBinary(folder)).toBeUndefined();
    alter(OWN_BINARY);
    expect(wrongBinary(folder)).toMatch(
      new RegExp(`^${OWN_BINARY} of uWebSockets.js is not a file that was looked at: [^\n]+$`),
    );
  });

  it('is refused where a file of it is unknown', () => {
    writeFileSync(join(folder, 'uws_linux_x64_999.node'), 'another');
    expect(wrongBinary(folder)).toContain('none is known of it');
    expect(wrongBinary(folder, (name) => name === OWN_BINARY)).toBeUndefined();
  });

  it('ends what installs it, with a status of its own', () => {
    const check = () =>
      spawnSync(process.execPath, [inRoot('scripts/check-sockets.mjs'), folder], { encoding: 'utf8' });
    expect(check()).toMatchObject({ status: 0, stderr: '' });
    alter(OWN_BINARY);
    expect(check()).toMatchObject({ status: 1 });
  });
});

it('a list that sha256sum would not read is none', () => {
  expect(() => readHashes('abc  file')).toThrow('no line of sha256sum');
});
