// Prints the link by which the installation is set up, as JSON: `{"setUpLink":{"url":…,"expiresAt":…}}`, null where it is set up. With an
// e-mail address on the command line it lets its person in again as an administrator of the installation, and prints the link to a new password:
// `{"passwordLink":{"url":…,"expiresAt":…}}`.
import { readSettings, settingsOrExit } from '@meldesync/config';
import {
  ActRefusedError,
  connectDatabase,
  type Database,
  type MadeLink,
  makeSetUpLink,
  makeWayBack,
  SYSTEM,
} from '@meldesync/db';
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
  const { BASE_URL: baseUrl } = settings;
  const [email] = process.argv.slice(2);
  const said =
    email === undefined
      ? { setUpLink: shown(baseUrl, 'setup', await makeSetUpLink(database, SYSTEM)) }
      : { passwordLink: shown(baseUrl, 'password', await wayBack(database, email)) };
  process.stdout.write(`${JSON.stringify(said)}\n`);
});

async function wayBack(database: Database, email: string): Promise<MadeLink> {
  try {
    return await makeWayBack(database, SYSTEM, email);
  } catch (error) {
    if (!(error instanceof ActRefusedError)) throw error;
    throw new Error(`no person has an account with the address ${email}; see auth."user" in the database`);
  }
}

function shown(baseUrl: string, page: 'setup' | 'password', link: MadeLink | undefined) {
  return link ? { url: linkUrl(baseUrl, page, link.secret), expiresAt: link.expiresAt.toISOString() } : null;
}
