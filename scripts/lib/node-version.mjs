// Imported first by every command. It must parse and run on Node versions that the rest does not support.
import { isOlder, SUPPORTED } from './versions.mjs';

if (isOlder(process.versions.node, SUPPORTED.node)) {
  process.stderr.write(
    `error This is Node.js ${process.version}, and MeldeSync needs ${SUPPORTED.node} or newer. ` +
      'Install it (https://nodejs.org) and run the command again.\n',
  );
  process.exit(1);
}
