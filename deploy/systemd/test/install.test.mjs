import { createHash, createPrivateKey } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram, run, runToEnd, tryOutput } from '../../../scripts/lib/command.mjs';
import { inRoot } from '../../../scripts/lib/paths.mjs';

/** What it takes to install into a folder: to be root, and systemd's programs that work on one. */
const isPossible =
  process.getuid?.() === 0 &&
  ['systemctl', 'systemd-sysusers', 'systemd-tmpfiles', 'chroot'].every((name) => findProgram([name]) !== undefined);

const folder = mkdtempSync(join(tmpdir(), 'meldesync-install-'));
const root = join(folder, 'root');
const script = inRoot('deploy/systemd/install.sh');

afterAll(() => rmSync(folder, { recursive: true }));

/**
 * A program in the root that says what it is told to: a script, since what is asked runs in there.
 * @param {string} path
 * @param {string} says
 */
function putProgram(path, says) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `#!/bin/sh\necho '${says}'\n`);
  chmodSync(join(root, path), 0o755);
}

/** The shell with the libraries that it loads is all there is in the root. */
function makeRoot() {
  const libraries = (tryOutput('ldd', ['/bin/sh']) ?? '').match(/\/\S+/g) ?? [];
  for (const path of ['/bin/sh', ...libraries]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
  mkdirSync(join(root, 'etc'));
  putProgram('usr/bin/node', 'v20.19.2');
  putProgram('usr/bin/systemctl', 'systemd 257 (257.13-1)');
}

/**
 * An archive in the form of a release, with nothing to run in it.
 * @param {string} name
 */
async function makeArchive(name) {
  const staged = join(folder, 'staged', name);
  mkdirSync(join(staged, 'dist'), { recursive: true });
  writeFileSync(join(staged, 'RELEASE'), `${name}\n`);
  cpSync(inRoot('deploy/systemd'), join(staged, 'deploy/systemd'), { recursive: true });
  cpSync(inRoot('deploy/redis'), join(staged, 'deploy/redis'), { recursive: true });
  copyFileSync(inRoot('supported-versions.json'), join(staged, 'supported-versions.json'));
  const archive = join(folder, `${name}.tar.gz`);
  await run('Packing', 'tar', ['-czf', archive, '-C', join(folder, 'staged'), name]);
  return archive;
}

/** @param {string[]} args */
const install = (...args) => runToEnd('bash', [script, '--root', root, ...args]);

/** @param {string} path */
const read = (path) => readFileSync(join(root, path), 'utf8');
/** @param {string} path */
const mode = (path) => (statSync(join(root, path)).mode & 0o777).toString(8);

/** Every file and link of ours in the root, with its mode and text. */
function installed() {
  return ['etc', 'opt', 'usr/local']
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) => readdirSync(join(root, path), { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (entry.isSymbolicLink()) return [path, readlinkSync(path)];
      return [path, statSync(path).mode, readFileSync(path, 'utf8')];
    });
}

describe.skipIf(!isPossible)('install.sh', () => {
  /** @type {string} */
  let first;
  /** @type {string} */
  let second;

  beforeAll(async () => {
    makeRoot();
    first = await makeArchive('meldesync-0.0.1-first');
    second = await makeArchive('meldesync-0.0.2-second');
  });

  it('does nothing by --dry-run, and says what it would do', async () => {
    const before = installed();
    const { status, output } = await install('--dry-run', first);
    expect([status, output]).toEqual([0, expect.stringContaining('would run: tar -xzf')]);
    expect(installed()).toEqual(before);
  });

  it.each([
    ['v18.20.4', 'and MeldeSync needs 20.19.0 or newer'],
    ['true (GNU coreutils) 9.1', 'is not Node.js'],
  ])('refuses what says of itself that it is Node.js %s', async (version, said) => {
    putProgram('usr/bin/node', version);
    const { status, output } = await install(first);
    putProgram('usr/bin/node', 'v20.19.2');
    expect([status, output.trim().split('\n')]).toEqual([1, [expect.stringContaining(said)]]);
    expect(existsSync(join(root, 'opt'))).toBe(false);
  });

  it.each([
    [['--nodes', '0'], '--nodes must be a number from 1 to 9'],
    [['--base-url', 'meldesync.example'], '--base-url must be an address'],
    [['--database', 'postgres://u:p@h/d'], '--database must be host:port/name'],
    [['--redis', ':password@h'], '--redis must be host:port'],
    [['--fast'], 'unknown option --fast'],
    [['--purge'], '--purge goes with --uninstall'],
    [['/dev/null'], '/dev/null is no release of MeldeSync'],
    [[], 'which release?'],
  ])('says in a line what is wrong with %j', async (args, said) => {
    const { status, output } = await install(...args);
    expect([status, output.trim().split('\n')]).toEqual([1, [expect.stringContaining(`install.sh: ${said}`)]]);
  });

  it('installs users, programs, settings, secrets and units, and again without a change', async () => {
    const arguments_ = [
      '--base-url',
      'https://meldesync.example',
      '--database',
      'db:5433/cases',
      '--nodes',
      '2',
      first,
    ];
    const { status, output } = await install(...arguments_);
    expect([status, output]).toEqual([0, expect.stringContaining('meldesync-0.0.1-first is installed')]);

    expect(readlinkSync(join(root, 'opt/meldesync/current'))).toBe('releases/meldesync-0.0.1-first');
    expect(read('etc/passwd').match(/^meldesync-\w+/gm)).toHaveLength(4);
    expect(read('etc/meldesync/meldesync.env')).toContain('\nBASE_URL=https://meldesync.example\n');
    expect(mode('etc/meldesync/meldesync.env')).toBe('640');
    expect(mode('etc/meldesync/credentials')).toBe('700');
    expect(mode('etc/meldesync/credentials/node/DATABASE_URL')).toBe('600');
    const password = read('etc/meldesync/credentials/migrate/APP_DB_PASSWORD').trim();
    expect(read('etc/meldesync/credentials/node/DATABASE_URL')).toBe(
      `postgres://meldesync_app:${password}@db:5433/cases\n`,
    );
    const auth = read('etc/meldesync/credentials/migrate/AUTH_DB_PASSWORD').trim();
    expect(read('etc/meldesync/credentials/node/AUTH_DATABASE_URL')).toBe(
      `postgres://meldesync_auth:${auth}@db:5433/cases\n`,
    );
    for (const kind of ['node', 'relay', 'worker']) {
      const url = new URL(read(`etc/meldesync/credentials/${kind}/REDIS_URL`).trim());
      const hash = createHash('sha256').update(url.password).digest('hex');
      expect(url.username).toBe(`meldesync_${kind}`);
      expect(read('etc/meldesync/credentials/redis-users.acl')).toContain(`user meldesync_${kind} on #${hash} `);
    }
    expect(read('etc/meldesync/credentials/redis-users.acl')).not.toMatch(/@[A-Z]+@/);
    expect(mode('etc/meldesync/credentials/redis-users.acl')).toBe('600');
    expect(readdirSync(join(root, 'etc/systemd/system/meldesync.target.wants')).toSorted()).toEqual([
      'meldesync-migrate.service',
      'meldesync-node@1.service',
      'meldesync-node@2.service',
      'meldesync-relay@1.service',
      'meldesync-relay@2.service',
      'meldesync-worker@1.service',
      'meldesync-worker@2.service',
    ]);
    const key = read('etc/meldesync/credentials/worker/AUDIT_SIGNING_KEY');
    expect(createPrivateKey(key).asymmetricKeyType).toBe('ed25519');
    for (const secret of [password, read('etc/meldesync/credentials/node/AUTH_SECRET').trim(), key.split('\n')[1]])
      expect(output).not.toContain(secret);

    const before = installed();
    expect((await install(...arguments_)).status).toBe(0);
    expect(installed()).toEqual(before);
  });

  it('puts a newer release in its place, with settings and secrets as they were, and keeps the one before alone', async () => {
    const secret = read('etc/meldesync/credentials/node/AUTH_SECRET');
    const third = await makeArchive('meldesync-0.0.3-third');
    expect((await install('--nodes', '3', second)).status).toBe(0);
    expect((await install('--nodes', '1', third)).status).toBe(0);
    expect(readlinkSync(join(root, 'opt/meldesync/current'))).toBe('releases/meldesync-0.0.3-third');
    expect(readdirSync(join(root, 'opt/meldesync/releases')).toSorted()).toEqual([
      'meldesync-0.0.2-second',
      'meldesync-0.0.3-third',
    ]);
    expect(read('etc/meldesync/credentials/node/AUTH_SECRET')).toBe(secret);
    const wants = readdirSync(join(root, 'etc/systemd/system/meldesync.target.wants'));
    expect(wants.filter((name) => name.includes('node'))).toEqual(['meldesync-node@1.service']);
  });

  it('has as many of each as before, where an upgrade says no number', async () => {
    const wanted = () =>
      readdirSync(join(root, 'etc/systemd/system/meldesync.target.wants')).filter((name) => name.includes('@'));
    expect((await install('--nodes', '4', '--relays', '1', first)).status).toBe(0);
    const before = wanted();
    expect(before).toContain('meldesync-node@4.service');
    expect((await install(second)).status).toBe(0);
    expect(wanted()).toEqual(before);
  });

  it('refuses an archive that is not what its checksum says', async () => {
    writeFileSync(`${first}.sha256`, `${'0'.repeat(64)}  meldesync-0.0.1-first.tar.gz\n`);
    const { status, output } = await install(first);
    expect([status, output]).toEqual([1, expect.stringContaining('is not what its .sha256 says')]);
  });

  it('takes all away but settings and secrets, and those by --purge', async () => {
    const { status, output } = await install('--uninstall');
    // The slot stays with the database, which it is in, and would fill its disk.
    expect([status, output]).toEqual([0, expect.stringMatching(/in cases.*pg_drop_replication_slot/s)]);
    expect(existsSync(join(root, 'opt/meldesync'))).toBe(false);
    expect(existsSync(join(root, 'etc/meldesync/credentials/node/AUTH_SECRET'))).toBe(true);
    expect((await install('--uninstall', '--purge')).status).toBe(0);
    expect(installed().filter(([path]) => String(path).slice(root.length).includes('meldesync'))).toEqual([]);
  });
});
