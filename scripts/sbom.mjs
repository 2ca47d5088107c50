// npm run sbom: writes the bill of materials of what is handed over (CycloneDX), from the lock file. An argument names the file; without
// one it goes to standard output.
import { writeFileSync } from 'node:fs';
import { answerHelp } from './lib/help.mjs';
import { shippedBill } from './lib/supply/shipped.mjs';

answerHelp(`npm run sbom writes the bill of materials of what is handed over (CycloneDX), from the lock file, to standard output.

npm run sbom -- FILE   into a file
`);
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(shippedBill());
else writeFileSync(file, shippedBill());
