import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tryOutput } from '../command.mjs';
import { inRoot } from '../paths.mjs';

/** The user of the image. */
const USER = { uid: 10_001, gid: 10_001 };

const RUNTIME = ['--root', inRoot('.data/image/runc')];

/**
 * What a container of runc is: the image's files, which nobody can write, a /tmp in memory, no rights beyond those of its user, and this
 * machine's network.
 * @param {string} rootfs
 * @param {string} secrets a folder, mounted as /run/secrets
 * @param {string[]} args of the image
 * @param {Record<string, string>} environment
 */
function specification(rootfs, secrets, args, environment) {
  const nowhere = { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] };
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: USER,
      args: ['/app/entrypoint.sh', ...args],
      env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      cwd: '/app',
      capabilities: nowhere,
      noNewPrivileges: true,
    },
    root: { path: rootfs, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
      },
      { destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', 'mode=1777', 'size=64m'] },
      { destination: '/run/secrets', type: 'bind', source: secrets, options: ['bind', 'ro'] },
    ],
    linux: { namespaces: [{ type: 'pid' }, { type: 'mount' }, { type: 'ipc' }] },
  };
}

/**
 * Runs the image's entrypoint in a container until it ends.
 * @param {{ rootfs: string, secrets: string, name: string, args: string[], environment: Record<string, string> }} order
 * @returns {{
 *   ended: Promise<{ status: number, output: string }>,
 *   output: () => string,
 *   kill: (signal: NodeJS.Signals) => void,
 *   exec: (args: string[]) => Promise<string>,
 * }} `exec` runs a command in it
 */
export function startContainer({ rootfs, secrets, name, args, environment }) {
  const bundle = inRoot('.data/image/containers', name);
  rmSync(bundle, { recursive: true, force: true });
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(specification(rootfs, secrets, args, environment)));
  // One that a killed run has left.
  tryOutput('runc', [...RUNTIME, 'delete', '--force', name]);
  const child = spawn('runc', [...RUNTIME, 'run', '--bundle', bundle, name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  /** @type {Promise<{ status: number, output: string }>} */
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: 127, output: error.message }));
    child.on('close', (code) => resolve({ status: code ?? 1, output }));
  });
  return {
    ended,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    exec: (command) => run(`${command.join(' ')} in ${name}`, 'runc', [...RUNTIME, 'exec', name, ...command]),
  };
}
