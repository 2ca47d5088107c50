// Holds what is taken in from others to what was looked at: hashes in the lock files, native code, licences, and a bill of materials that
// is CycloneDX by its own schema.
import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { inRoot } from './lib/paths.mjs';
import { billOfMaterials, packageComponents } from './lib/supply/bill-of-materials.mjs';
import { licenceMistakes } from './lib/supply/licences.mjs';
import { lockFileMistakes } from './lib/supply/lock-file.mjs';
import { shippedPackages } from './lib/supply/shipped.mjs';
import { wrongBinary } from './lib/supply/socket-binaries.mjs';

/** That of the checkout, and that of what builds the image. */
const LOCK_FILES = ['.', 'deploy/docker/toolchain'];

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(inRoot(path), 'utf8'));

const { packages } = read('package-lock.json');
const manifest = read('package.json');
const invalid = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(
  billOfMaterials(manifest, packageComponents(packages)),
);
const mistakes = [
  ...LOCK_FILES.flatMap((folder) =>
    lockFileMistakes(read(`${folder}/package-lock.json`), manifest.allowScripts).map(
      (mistake) => `${folder}: ${mistake}`,
    ),
  ),
  ...licenceMistakes(packages, shippedPackages(packages)),
  wrongBinary() ?? [],
  invalid === null ? [] : `the bill of materials is no CycloneDX: ${JSON.stringify(invalid)}`,
].flat();
for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
process.exitCode = mistakes.length === 0 ? 0 : 1;
