import { readFaultsOrder, runFaults } from './drills/all-faults/run-faults.ts';
import { DESCRIBED_OPTIONS, runDescribed } from './drills/described/run-described.ts';
import { FAULT_DRILLS } from './drills/fault-drills.ts';
import { LAST_VERSION_OPTIONS, runLastVersion } from './drills/last-version.ts';
import { LOCK_RELEASE_OPTIONS, runLockRelease } from './drills/lock-release.ts';
import { RESTORE_OPTIONS, runRestore } from './drills/restore/run-restore.ts';
import { runDrill } from './drills/run-drill.ts';
import { readUpgradeOrder, runUpgrade } from './drills/upgrade/run-upgrade.ts';
import { readOptions } from './options.ts';
import { type Command, runCommandLine } from './run-command-line.ts';

const width = Math.max(...FAULT_DRILLS.map(({ name }) => name.length));
const usage = FAULT_DRILLS.map(({ name, options }) => {
  const defaults = Object.entries(options).map(([option, value]) => `[--${option} ${value}]`);
  return `npm run drill -- ${name.padEnd(width)} ${defaults.join(' ')}`;
});

const faults = FAULT_DRILLS.map((drill): [string, Command] => [
  drill.name,
  (args, context) => {
    const { numbers, profileFolder } = readOptions(args, { ...drill.options });
    return runDrill(context(profileFolder), drill, numbers);
  },
]);

await runCommandLine({
  kind: 'drill',
  usage: [
    'npm run drill -- lock-release [--locks 10]',
    'npm run drill -- last-version [--clients 50] [--edits 2000]',
    'npm run drill -- restore [--clients 20]',
    'npm run drill -- upgrade [--from COMMIT]',
    'npm run drill -- described [--seconds 100] [--seed 1]',
    'npm run drill -- faults [--at-once 1] [NAME…]',
    ...usage,
  ].join('\n'),
  commands: {
    'lock-release': (args, context) => {
      const { numbers, profileFolder } = readOptions(args, LOCK_RELEASE_OPTIONS);
      return runLockRelease(context(profileFolder), numbers);
    },
    'last-version': (args, context) => {
      const { numbers, profileFolder } = readOptions(args, LAST_VERSION_OPTIONS);
      return runLastVersion(context(profileFolder), numbers);
    },
    restore: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, RESTORE_OPTIONS);
      return runRestore(context(profileFolder), numbers);
    },
    upgrade: (args, context) => runUpgrade(context(undefined), readUpgradeOrder(args)),
    described: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, DESCRIBED_OPTIONS);
      return runDescribed(context(profileFolder), numbers);
    },
    faults: (args, context) => runFaults(context(undefined), readFaultsOrder(args)),
    ...Object.fromEntries(faults),
  },
});
