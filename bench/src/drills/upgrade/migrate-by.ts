import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Release } from './release.ts';

const run = promisify(execFile);

/** The roles are the server's: all databases of a run have them with the same password. */
export const ROLE_PASSWORD = 'test-role';

/** Runs the migrations of a release, as its own program does. */
export async function migrateBy(release: Release, ownerUrl: string): Promise<void> {
  const passwords = Object.fromEntries(
    ['APP', 'AUTH', 'WORKER', 'RELAY', 'AUDITOR'].map((role) => [`${role}_DB_PASSWORD`, ROLE_PASSWORD]),
  );
  const environment = { ...process.env, DATABASE_URL: ownerUrl, ...passwords };
  await run(process.execPath, [fileURLToPath(release.file('dist/migrate.js'))], { env: environment });
}
