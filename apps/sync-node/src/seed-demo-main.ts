import { connectDatabase } from '@meldesync/db';
import { z } from 'zod';
import { seedDemo } from './seed-demo.ts';

const environment = z
  .object({ DATABASE_URL: z.string().min(1), AUTH_SECRET: z.string().min(32), BASE_URL: z.url() })
  .parse(process.env);

await using database = connectDatabase({
  url: environment.DATABASE_URL,
  maxConnections: 2,
  applicationName: 'meldesync-seed',
  // The statement under way fails for it, and with it this program.
  onConnectionError: (error) => process.emitWarning(error),
});
const accounts = await seedDemo({ database, authSecret: environment.AUTH_SECRET, baseUrl: environment.BASE_URL });
process.stdout.write(`${JSON.stringify({ accounts })}\n`);
