// Leaves in node_modules what the workspaces named on the command line need when they run, and takes out the rest, which is most of it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { neededPackages } from '../../scripts/lib/needed-packages.mjs';

const NOTE = 'node_modules/.package-lock.json';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const needed = neededPackages(packages, process.argv.slice(2));
/** @type {{ packages: Record<string, { link?: boolean }> }} what npm has installed */
const note = JSON.parse(readFileSync(NOTE, 'utf8'));

// The links lead to workspaces, which are in the programs.
const gone = Object.entries(note.packages)
  .filter(([path, { link }]) => path.startsWith('node_modules/') && (link || !needed.has(path)))
  .map(([path]) => path);
for (const path of gone) {
  rmSync(path, { recursive: true, force: true });
  delete note.packages[path];
}
writeFileSync(NOTE, JSON.stringify(note));
process.stdout.write(`${needed.size} packages stay, ${gone.length} go\n`);
