import { readSettings, settingsOrExit } from '@meldesync/config';
import { connectDatabase, disableDemo, requirePostgres } from '@meldesync/db';
import { runOnce } from '@meldesync/lifecycle';
import { seedDemo } from './seed-demo.ts';

await runOnce('meldesync-seed-demo', async () => {
  const settings = settingsOrExit((environment) => readSettings('seed', environment));
  const unanswered = await requirePostgres({ url: settings.DATABASE_URL, logicalLog: false, user: 'accounts' });
  if (unanswered) throw unanswered;
  await using database = connectDatabase({
    url: settings.DATABASE_URL,
    maxConnections: 2,
    applicationName: 'meldesync-seed',
    // The statement under way fails for it, and with it this program.
    onConnectionError: (error) => process.emitWarning(error),
  });
  if (settings.SEED_DEMO === '0') {
    await disableDemo(database);
    process.stdout.write(`${JSON.stringify({ accounts: [] })}\n`);
    return;
  }
  const accounts = await seedDemo(database);
  process.stdout.write(`${JSON.stringify({ accounts })}\n`);
});
