import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inRoot } from './lib/paths.mjs';
import { COMPANIONS } from './lib/release.mjs';
import { isOlder, SUPPORTED, supportedTable } from './lib/versions.mjs';

/** @param {string} path */
const read = (path) => readFileSync(inRoot(path), 'utf8');
/** @param {string} path */
const manifest = (path) => JSON.parse(read(path));

const { version, engines } = manifest('package.json');
const workspaces = [
  ...['apps', 'packages'].flatMap((folder) => readdirSync(inRoot(folder)).map((name) => `${folder}/${name}`)),
  'testkit',
  'bench',
];

it('every workspace has the version of the release, also in the lock file', () => {
  const locked = manifest('package-lock.json').packages;
  for (const path of ['', ...workspaces]) {
    expect([path, locked[path].version]).toEqual([path, version]);
    expect([path, manifest(`${path === '' ? '.' : path}/package.json`).version]).toEqual([path, version]);
  }
});

it('the changelog has a section for the release, after what is not released yet, the newest first', () => {
  const sections = [...read('CHANGELOG.md').matchAll(/^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$/gm)];
  const [unreleased, ...released] = sections.map(([, name = '', date = '']) => ({ name, date }));
  expect(unreleased).toEqual({ name: 'Unreleased', date: '' });
  expect(released[0]?.name).toBe(version);
  for (const [index, { name, date }] of released.entries()) {
    expect(date).not.toBe('');
    const older = released[index + 1];
    if (older) expect([isOlder(older.name, name), older.date <= date]).toEqual([true, true]);
  }
});

it('the README and npm state the supported versions as they are checked', () => {
  expect(read('README.md')).toContain(supportedTable());
  expect(engines.node).toBe(`>=${SUPPORTED.node}`);
});

it.each([
  ['20.18.3', '20.19.0', true],
  ['20.19.0', '20.19.0', false],
  ['22.0.0', '20.19.0', false],
  ['7', '7.0', false],
])('%s before %s: %s', (found, than, before) => {
  expect(isOlder(found, than)).toBe(before);
});

it('what pages call in an installed release is in its archive', () => {
  const pages = readdirSync(inRoot('docs/betreiben')).map((name) => `docs/betreiben/${name}`);
  const called = [...pages, 'deploy/systemd/README.md', 'deploy/systemd/install.sh'].flatMap((page) =>
    [...read(page).matchAll(/(?:\/opt\/meldesync|\$PROGRAMS)\/current\/((?:deploy|docs)\/[\w./-]*[\w-])/g)].map(
      ([, path = '']) => path,
    ),
  );
  expect(called).toContain('deploy/backup/dump.sh');
  expect(called.filter((path) => !existsSync(inRoot(path)))).toEqual([]);
  expect(called.filter((path) => !COMPANIONS.some((kept) => path === kept || path.startsWith(`${kept}/`)))).toEqual([]);
});
