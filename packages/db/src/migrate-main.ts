import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings, settingsOrExit, WrongSettings } from '@meldesync/config';
import { runOnce } from '@meldesync/lifecycle';
import { migrateDatabase } from './migrate.ts';
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

await runOnce('meldesync-migrate', async () => {
  const settings = settingsOrExit((environment) => {
    const read = readSettings('migrate', environment);
    requireMigrations(read.MIGRATIONS_DIR);
    return read;
  });
  const unanswered = await requirePostgres({ url: settings.DATABASE_URL, logicalLog: false });
  if (unanswered) throw unanswered;
  await migrateDatabase({
    ownerUrl: settings.DATABASE_URL,
    passwords: {
      app: settings.APP_DB_PASSWORD,
      worker: settings.WORKER_DB_PASSWORD,
      relay: settings.RELAY_DB_PASSWORD,
      auditor: settings.AUDITOR_DB_PASSWORD,
    },
    folder: settings.MIGRATIONS_DIR ?? fileURLToPath(new URL('./migrations', import.meta.url)),
  });
});
