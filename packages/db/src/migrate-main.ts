import { fileURLToPath } from 'node:url';
import { UnsupportedServer, VERSION } from '@meldesync/lifecycle';
import { z } from 'zod';
import { migrateDatabase } from './migrate.ts';
import { requirePostgres } from './require-postgres.ts';

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  APP_DB_PASSWORD: z.string().min(1),
  MIGRATIONS_DIR: z.string().optional(),
});

async function migrate(): Promise<void> {
  const settings = environment.parse(process.env);
  const unanswered = await requirePostgres({ url: settings.DATABASE_URL, logicalLog: false });
  if (unanswered) throw unanswered;
  await migrateDatabase({
    ownerUrl: settings.DATABASE_URL,
    appPassword: settings.APP_DB_PASSWORD,
    folder: settings.MIGRATIONS_DIR ?? fileURLToPath(new URL('./migrations', import.meta.url)),
  });
}

/** EX_CONFIG of sysexits. */
const WRONG_CONFIG = 78;

if (process.argv.includes('--version')) console.log(VERSION);
else
  try {
    await migrate();
  } catch (error) {
    if (!(error instanceof UnsupportedServer)) throw error;
    console.error(error.message);
    process.exitCode = WRONG_CONFIG;
  }
