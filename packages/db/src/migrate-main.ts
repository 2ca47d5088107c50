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
    passwords: {
      app: settings.APP_DB_PASSWORD,
      worker: settings.WORKER_DB_PASSWORD,
      relay: settings.RELAY_DB_PASSWORD,
      auditor: settings.AUDITOR_DB_PASSWORD,
    },
    folder: settings.MIGRATIONS_DIR ?? fileURLToPath(new URL('./migrations', import.meta.url)),
  });
});
