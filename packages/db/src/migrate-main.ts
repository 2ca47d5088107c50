// Brings the database to this release. `--contract` takes rights away that only nodes of the release before need, once none of those runs;
// `--widen` gives them back, before one is to run again.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings, settingsOrExit, WrongSettings } from '@meldesync/config';
import { runOnce } from '@meldesync/lifecycle';
import { type MigrateOptions, migrateDatabase } from './migrate.ts';
import { requirePostgres } from './require-postgres.ts';

/** @throws WrongSettings where the folder is given and none of migrations */
function requireMigrations(folder: string | undefined): void {
  if (folder === undefined) return;
  try {
    accessSync(join(folder, 'meta/_journal.json'), constants.R_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const problem = `must be a folder of migrations that can be read (${code})`;
    throw new WrongSettings([{ name: 'MIGRATIONS_DIR', problem }]);
  }
}

/** @throws WrongSettings for another word */
function rightsOf(words: readonly string[]): MigrateOptions['rights'] {
  const [word, ...more] = words;
  if (word === undefined) return undefined;
  if (more.length === 0 && word === '--contract') return 'narrow';
  if (more.length === 0 && word === '--widen') return 'widen';
  throw new WrongSettings([{ name: 'arguments', problem: 'must be none, --contract or --widen' }]);
}

await runOnce('meldesync-migrate', async () => {
  const { settings, rights } = settingsOrExit((environment) => {
    const read = readSettings('migrate', environment);
    requireMigrations(read.MIGRATIONS_DIR);
    return { settings: read, rights: rightsOf(process.argv.slice(2)) };
  });
  const unanswered = await requirePostgres({ url: settings.DATABASE_URL, logicalLog: false });
  if (unanswered) throw unanswered;
  await migrateDatabase({
    ownerUrl: settings.DATABASE_URL,
    passwords: {
      app: settings.APP_DB_PASSWORD,
      auth: settings.AUTH_DB_PASSWORD,
      worker: settings.WORKER_DB_PASSWORD,
      relay: settings.RELAY_DB_PASSWORD,
      auditor: settings.AUDITOR_DB_PASSWORD,
    },
    rights,
    folder: settings.MIGRATIONS_DIR ?? fileURLToPath(new URL('./migrations', import.meta.url)),
  });
});
