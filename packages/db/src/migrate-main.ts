import { fileURLToPath } from 'node:url';
import { readSettings, settingsOrExit } from '@meldesync/config';
import { runOnce } from '@meldesync/lifecycle';
import { migrateDatabase } from './migrate.ts';
import { requirePostgres } from './require-postgres.ts';

await runOnce('meldesync-migrate', async () => {
  const settings = settingsOrExit((environment) => readSettings('migrate', environment));
  const unanswered = await requirePostgres({ url: settings.DATABASE_URL, logicalLog: false });
  if (unanswered) throw unanswered;
  await migrateDatabase({
    ownerUrl: settings.DATABASE_URL,
    appPassword: settings.APP_DB_PASSWORD,
    folder: settings.MIGRATIONS_DIR ?? fileURLToPath(new URL('./migrations', import.meta.url)),
  });
});
