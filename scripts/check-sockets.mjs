// Refuses native code of uWebSockets.js that nobody has looked at: after each `npm ci`, and when the image is built. An argument names
// another folder of the package.
import { wrongBinary } from './lib/supply/socket-binaries.mjs';

const wrong = wrongBinary(process.argv[2]);
if (wrong !== undefined) {
  process.stderr.write(`${wrong}\n`);
  process.exitCode = 1;
}
