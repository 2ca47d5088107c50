import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inRoot } from './paths.mjs';
import { sourceFolders, watchSources } from './source-watch.mjs';

/** @type {string} */
let home;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'meldesync-sources-'));
  for (const folder of ['shared', 'node', 'relay']) mkdirSync(join(home, folder));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('the sources of a program', () => {
  it('are its own and those of what it depends on, however far', () => {
    const folders = sourceFolders('relay');
    expect(folders).toContain(inRoot('apps/relay/src'));
    expect(folders).toContain(inRoot('packages/db/src'));
    // By way of db alone.
    expect(folders).toContain(inRoot('packages/domain/src'));
    expect(folders).not.toContain(inRoot('apps/worker/src'));
  });

  it('that change name who uses them', async () => {
    const told = watching();
    writeFileSync(join(home, 'node/a.ts'), '1');
    expect(await told.next()).toEqual(['node']);
    writeFileSync(join(home, 'shared/b.ts'), '1');
    expect(await told.next()).toEqual(['node', 'relay']);
    told.end();
  });

  it('are watched on where a new file takes the place of an old one, and in new folders', async () => {
    const told = watching();
    for (const content of ['1', '2']) {
      writeFileSync(join(home, 'relay/part'), content);
      renameSync(join(home, 'relay/part'), join(home, 'relay/c.ts'));
      expect(await told.next()).toEqual(['relay']);
    }
    mkdirSync(join(home, 'relay/new'));
    expect(await told.next()).toEqual(['relay']);
    writeFileSync(join(home, 'relay/new/e.ts'), '1');
    expect(await told.next()).toEqual(['relay']);
    told.end();
  });

  it('are not its tests', async () => {
    const told = watching();
    writeFileSync(join(home, 'relay/f.test.ts'), '1');
    writeFileSync(join(home, 'node/f.ts'), '1');
    expect(await told.next()).toEqual(['node']);
    told.end();
  });
});

function watching() {
  /** @type {string[][]} */
  const told = [];
  let wake = () => {};
  const end = watchSources(
    [
      { folders: [join(home, 'shared'), join(home, 'node')], user: 'node' },
      { folders: [join(home, 'shared'), join(home, 'relay')], user: 'relay' },
    ],
    (users) => {
      told.push(users);
      wake();
    },
  );
  return {
    end,
    next: async () => {
      while (told.length === 0) {
        await new Promise((resolve) => {
          wake = () => resolve(undefined);
        });
      }
      return told.shift();
    },
  };
}
