// Prints the link by which the installation is set up, as JSON: `{"setUpLink":{"url":…,"expiresAt":…}}`, null where it is set up.
import { readSettings, settingsOrExit } from '@meldesync/config';
import { connectDatabase, makeSetUpLink, SYSTEM } from '@meldesync/db';
import { runOnce } from '@meldesync/lifecycle';
import { linkUrl } from './administration/one-time-link.ts';

await runOnce('meldesync-set-up', async () => {
  const settings = settingsOrExit((environment) => readSettings('setup', environment));
  await using database = connectDatabase({
    url: settings.DATABASE_URL,
    maxConnections: 1,
    applicationName: 'meldesync-set-up',
    // The statement under way fails for it, and with it this program.
    onConnectionError: (error) => process.emitWarning(error),
  });
  const link = await makeSetUpLink(database, SYSTEM);
  const setUpLink = link
    ? { url: linkUrl(settings.BASE_URL, 'setup', link.secret), expiresAt: link.expiresAt.toISOString() }
    : null;
  process.stdout.write(`${JSON.stringify({ setUpLink })}\n`);
});
