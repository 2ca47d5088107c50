import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The hashes that were looked at, as sha256sum writes them. */
const LIST = fileURLToPath(new URL('socket-binaries.sha256', import.meta.url));
/** Where npm puts the package. */
const INSTALLED = join(fileURLToPath(new URL('../../../node_modules', import.meta.url)), 'uWebSockets.js');

/** The binary that this Node.js would load. */
export const OWN_BINARY = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;

/**
 * @param {string} text lines of sha256sum
 * @returns {Map<string, string>} hash by name of file
 */
export function readHashes(text) {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const { hash = '', name = '' } = /^(?<hash>[0-9a-f]{64}) [ *](?<name>.+)$/.exec(line)?.groups ?? {};
      if (hash === '') throw new Error(`no line of sha256sum: ${line}`);
      return [name, hash];
    }),
  );
}

/** The binaries whose hashes are known. */
export const KNOWN_BINARIES = readHashes(readFileSync(LIST, 'utf8'));

/**
 * What is wrong with the native code of uWebSockets.js, in a sentence; undefined where all of it is what was looked at.
 * @param {string} [folder] the package
 * @param {(name: string) => boolean} [isLooked] which of its binaries are looked at; all of them take a second
 * @returns {string | undefined}
 */
export function wrongBinary(folder = INSTALLED, isLooked = () => true) {
  if (!existsSync(folder)) return undefined;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.node') && isLooked(file))) {
    const found = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    if (found === KNOWN_BINARIES.get(name)) continue;
    const wanted = KNOWN_BINARIES.get(name);
    const than = wanted === undefined ? 'and none is known of it' : `instead of ${wanted}`;
    return `${name} of uWebSockets.js is not a file that was looked at: its SHA-256 is ${found}, ${than} (docs/adr/0043-supply-and-proof.md).`;
  }
  return undefined;
}
