import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '../../../packages/config/src/catalogue.mjs';
import { runToEnd } from '../command.mjs';
import { ensureProgram } from '../ensure-program.mjs';
import { Failure } from '../failure.mjs';
import { inRoot } from '../paths.mjs';

const FOLDER = 'deploy/systemd';
const UNITS = join(FOLDER, 'units');
/** Of ten, as `systemd-analyze security` adds up what a unit could do. */
const MOST_EXPOSURE = 2.5;
/** What the units need of a system, to be checked without one. */
const BARE = [
  'network-online.target',
  'multi-user.target',
  'sysinit.target',
  'basic.target',
  'shutdown.target',
  'network.target',
];

/** @param {string} name a service, or a template of services */
const instanceOf = (name) => name.replace('@.', '@1.');
const services = () => readdirSync(inRoot(UNITS)).filter((name) => name.endsWith('.service'));

/**
 * Works with a root folder that holds the units where install.sh puts them, and an empty file for each program that they start.
 * @template T
 * @param {(root: string) => Promise<T>} work
 */
async function withStagedRoot(work) {
  const root = mkdtempSync(join(tmpdir(), 'meldesync-systemd-'));
  try {
    const units = join(root, 'usr/local/lib/systemd/system');
    cpSync(inRoot(UNITS), units, { recursive: true });
    const system = join(root, 'usr/lib/systemd/system');
    mkdirSync(system, { recursive: true });
    for (const name of BARE) writeFileSync(join(system, name), '[Unit]\nDescription=Bare\n');
    mkdirSync(join(root, 'usr/bin'), { recursive: true });
    writeFileSync(join(root, 'usr/bin/node'), '');
    chmodSync(join(root, 'usr/bin/node'), 0o755);
    mkdirSync(join(root, 'opt/meldesync'), { recursive: true });
    symlinkSync('../../usr/bin/node', join(root, 'opt/meldesync/node'));
    mkdirSync(join(root, 'etc'));
    return await work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/**
 * @param {string[]} args
 * @returns {Promise<string>} what it said
 */
async function analyze(args) {
  const program = await ensureProgram('systemd-analyze', 'systemd');
  const { status, output } = await runToEnd(program, args);
  if (status !== 0) throw new Failure(output.trim());
  return output;
}

/** @param {string} unit */
async function exposureOf(unit) {
  return withStagedRoot(async (root) => {
    const output = await analyze(['security', '--offline=true', '--no-pager', `--root=${root}`, unit]);
    const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(output)?.[1]);
    if (!(exposure <= MOST_EXPOSURE))
      throw new Failure(`${unit}: exposure ${exposure}, ${MOST_EXPOSURE} at most\n${output}`);
    return exposure;
  });
}

/**
 * Whether our programs look for something of that name in their environment.
 * @param {string} name
 */
function isKnown(name) {
  /** @type {Readonly<Record<string, import('../../../packages/config/src/catalogue.mjs').Setting>>} */
  const settings = SETTINGS;
  return name in settings || name === 'NODE_ENV' || settings[name.replace(/_FILE$/, '')]?.isSecret === true;
}

/** What the units and the file of settings put into the environment. */
function environmentNames() {
  const ofUnits = services().flatMap((unit) =>
    [...readFileSync(inRoot(UNITS, unit), 'utf8').matchAll(/^Environment=(.*)$/gm)].flatMap(([, line = '']) =>
      line.split(' ').map((assignment) => ({ file: unit, name: assignment.split('=')[0] ?? '' })),
    ),
  );
  const ofFile = [...readFileSync(inRoot(FOLDER, 'meldesync.env'), 'utf8').matchAll(/^(\w+)=/gm)];
  return [...ofUnits, ...ofFile.map(([, name = '']) => ({ file: 'meldesync.env', name }))];
}

/** @type {{ tool: string, subject: string, run: () => Promise<string> }[]} */
export default [
  {
    tool: 'systemd-analyze verify',
    subject: UNITS,
    run: async () => {
      const names = [...services().map(instanceOf), 'meldesync.target'];
      return withStagedRoot(async (root) => {
        const said = await analyze(['verify', '--man=no', '--recursive-errors=no', `--root=${root}`, ...names]);
        if (said.trim() !== '') throw new Failure(said.trim());
        const version = await analyze(['--version']);
        return `${version.split('\n')[0]?.split(' (')[0]}: ${names.length} units, nothing to say`;
      });
    },
  },
  ...services().map((name) => ({
    tool: 'systemd-analyze security',
    subject: join(UNITS, name),
    run: async () => `exposure ${(await exposureOf(instanceOf(name))).toFixed(1)}, ${MOST_EXPOSURE} at most`,
  })),
  {
    tool: 'settings',
    subject: FOLDER,
    run: async () => {
      const names = environmentNames();
      const unknown = names.filter(({ name }) => !isKnown(name));
      if (unknown.length > 0)
        throw new Failure(unknown.map(({ file, name }) => `${file}: ${name} is no setting`).join('\n'));
      return `${new Set(names.map(({ name }) => name)).size} names, all of them settings`;
    },
  },
  {
    tool: 'systemd-sysusers, systemd-tmpfiles',
    subject: FOLDER,
    run: async () =>
      withStagedRoot(async (root) => {
        for (const [program, file] of [
          ['systemd-sysusers', 'sysusers.conf'],
          ['systemd-tmpfiles', 'tmpfiles.conf'],
        ]) {
          const path = await ensureProgram(program ?? '', 'systemd');
          const args = program === 'systemd-tmpfiles' ? ['--create'] : [];
          const { status, output } = await runToEnd(path, [...args, `--root=${root}`, inRoot(FOLDER, file ?? '')]);
          if (status !== 0) throw new Failure(output.trim());
        }
        const users = readFileSync(join(root, 'etc/passwd'), 'utf8').match(/^meldesync-\w+/gm) ?? [];
        return `${users.length} users, the folder of settings`;
      }),
  },
  {
    tool: 'shellcheck',
    subject: `${FOLDER}/*.sh`,
    run: async () => {
      const shellcheck = await ensureProgram('shellcheck', 'shellcheck');
      const scripts = readdirSync(inRoot(FOLDER)).filter((name) => name.endsWith('.sh'));
      const { status, output } = await runToEnd(
        shellcheck,
        scripts.map((name) => inRoot(FOLDER, name)),
      );
      if (status !== 0) throw new Failure(output.trim());
      const { output: version } = await runToEnd(shellcheck, ['--version']);
      return `${/version: (\S+)/.exec(version)?.[1]}: ${scripts.length} scripts, nothing to say`;
    },
  },
];
