// Writes the dashboards beside their sources' folder. With --check it says what differs, and writes nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asFile, DASHBOARDS } from './dashboards.ts';

const isCheck = process.argv.includes('--check');
for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
  const file = fileURLToPath(new URL(`../${name}.json`, import.meta.url));
  const wanted = asFile(dashboard);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) continue;
  if (isCheck) {
    process.stderr.write(`deploy/observability/dashboards/${name}.json is not what its source makes: npm run docs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, wanted);
    process.stdout.write(`deploy/observability/dashboards/${name}.json written\n`);
  }
}
