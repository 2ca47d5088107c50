import { fileURLToPath } from 'node:url';
import { readSettings, settingsOrExit, WRONG_CONFIG } from '@meldesync/config';
import { UnsupportedServer, VERSION } from '@meldesync/lifecycle';
import { migrateDatabase } from './migrate.ts';
import { requirePostgres } from './require-postgres.ts';

async function migrate(): Promise<void> {
  const settings = settingsOrExit((environment) => readSettings('migrate', environment));
  const unanswered = await requirePostgres({ url: settings.DATABASE_URL, logicalLog: false });
  if (unanswered) throw unanswered;
  await migrateDatabase({
    ownerUrl: settings.DATABASE_URL,
    appPassword: settings.APP_DB_PASSWORD,
    folder: settings.MIGRATIONS_DIR ?? fileURLToPath(new URL('./migrations', import.meta.url)),
  });
}

if (process.argv.includes('--version')) console.log(VERSION);
else
  try {
    await migrate();
  } catch (error) {
    if (!(error instanceof UnsupportedServer)) throw error;
    console.error(error.message);
    process.exitCode = WRONG_CONFIG;
  }
