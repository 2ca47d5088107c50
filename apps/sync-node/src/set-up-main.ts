// Prints the link by which the installation is set up, as JSON: `{"setUpLink":{"url":…,"expiresAt":…}}`, null where it is set up. With an
// e-mail address on the command line it lets its person in again as an administrator of the installation, and prints the link to a new password:
// `{"passwordLink":{"url":…,"expiresAt":…}}`.
import { readSettings, settingsOrExit } from '@meldesync/config';
import { connectDatabase, requirePostgres } from '@meldesync/db';
import { runOnce } from '@meldesync/lifecycle';
import { makeLink } from './make-link.ts';

await runOnce('meldesync-set-up', async () => {
  const settings = settingsOrExit((environment) => readSettings('setup', environment));
  const unanswered = await requirePostgres({ url: settings.DATABASE_URL, logicalLog: false, user: 'accounts' });
  if (unanswered) throw unanswered;
  await using database = connectDatabase({
    url: settings.DATABASE_URL,
    maxConnections: 1,
    applicationName: 'meldesync-set-up',
    // The statement under way fails for it, and with it this program.
    onConnectionError: (error) => process.emitWarning(error),
  });
  const [email] = process.argv.slice(2);
  const said = await makeLink(database, { baseUrl: settings.BASE_URL, email });
  process.stdout.write(`${JSON.stringify(said)}\n`);
});
