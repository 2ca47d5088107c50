import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { migrateDatabase } from './migrate.ts';

const environment = z
  .object({
    DATABASE_URL: z.string().min(1),
    APP_DB_PASSWORD: z.string().min(1),
    MIGRATIONS_DIR: z.string().optional(),
  })
  .parse(process.env);

await migrateDatabase({
  ownerUrl: environment.DATABASE_URL,
  appPassword: environment.APP_DB_PASSWORD,
  folder: environment.MIGRATIONS_DIR ?? fileURLToPath(new URL('./migrations', import.meta.url)),
});
