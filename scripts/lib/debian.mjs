import { existsSync } from 'node:fs';
import { findProgram, run, tryOutput } from './command.mjs';
import { since, step } from './log.mjs';

// Services that a package brings must not be started by installing it: we run our own, on our own port. The policy
// file is Debian's way to say so; it is taken away again whatever happens, and one that is already there is kept.
const INSTALL_SCRIPT = `
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
`;

const DISABLE_SCRIPT = `
for service in "$@"; do update-rc.d "$service" disable; done
`;

/**
 * How to become root here: nothing if we are, sudo if it may be used.
 * @returns {string[] | undefined} words to put before a command; undefined where there is no way
 */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (findProgram(['sudo']) === undefined) return undefined;
  if (tryOutput('sudo', ['-n', 'true']) !== undefined) return ['sudo', '-n'];
  // Here sudo asks for the password, on the terminal itself.
  return process.stdin.isTTY ? ['sudo'] : undefined;
}

/** Whether packages of Debian (or a system made from it) can be installed here. */
export function canInstallPackages() {
  return existsSync('/etc/debian_version') && findProgram(['apt-get']) !== undefined && rootPrefix() !== undefined;
}

/**
 * Installs packages, and sees to it that no service of theirs runs, now or after the next boot.
 * @param {string[]} packages
 * @param {string[]} services the names of the services that they bring
 */
export async function installPackages(packages, services) {
  const startedMs = performance.now();
  step('packages', `installing Debian's ${packages.join(' and ')} …`);
  await runAsRoot(`Installing ${packages.join(', ')}`, INSTALL_SCRIPT, packages);
  if (services.length > 0) await runAsRoot(`Switching off ${services.join(', ')}`, DISABLE_SCRIPT, services);
  step('packages', `installed in ${since(startedMs)}`);
}

/**
 * @param {string} title
 * @param {string} script
 * @param {string[]} args
 */
async function runAsRoot(title, script, args) {
  const [command = 'sh', ...rest] = [...(rootPrefix() ?? []), 'sh', '-c', script, 'sh', ...args];
  await run(title, command, rest);
}
