import { LAST_VERSION_OPTIONS, runLastVersion } from './drills/last-version.ts';
import { LOCK_RELEASE_OPTIONS, runLockRelease } from './drills/lock-release.ts';
import { readOptions } from './options.ts';
import { runCommandLine } from './run-command-line.ts';

await runCommandLine(
  `npm run drill -- lock-release [--locks 10]
npm run drill -- last-version [--clients 50] [--edits 2000]`,
  {
    'lock-release': (args, context) => {
      const { numbers, profileFolder } = readOptions(args, LOCK_RELEASE_OPTIONS);
      return runLockRelease(context(profileFolder), numbers);
    },
    'last-version': (args, context) => {
      const { numbers, profileFolder } = readOptions(args, LAST_VERSION_OPTIONS);
      return runLastVersion(context(profileFolder), numbers);
    },
  },
);
