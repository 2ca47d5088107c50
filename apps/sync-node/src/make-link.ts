import { ActRefusedError, type Database, type MadeLink, makeSetUpLink, makeWayBack, SYSTEM } from '@meldesync/db';
import { linkUrl } from './administration/one-time-link.ts';

interface ShownLink {
  readonly url: string;
  readonly expiresAt: string;
}

/**
 * Makes the link by which the installation is set up, null where it is; with an address, the one by which its person comes in again as an
 * administrator of the installation. Throws where nobody has that address.
 */
export async function makeLink(
  database: Database,
  { baseUrl, email }: { readonly baseUrl: string; readonly email: string | undefined },
): Promise<{ setUpLink: ShownLink | null } | { passwordLink: ShownLink }> {
  if (email === undefined) {
    const made = await makeSetUpLink(database, SYSTEM);
    return { setUpLink: made ? shown(baseUrl, 'setup', made) : null };
  }
  const made = await wayBack(database, email);
  if (!made)
    throw new Error(
      `no person has an account with the address ${email}, or only one of the demo; see auth."user" in the database`,
    );
  return { passwordLink: shown(baseUrl, 'password', made) };
}

async function wayBack(database: Database, email: string): Promise<MadeLink | undefined> {
  try {
    return await makeWayBack(database, SYSTEM, email);
  } catch (error) {
    if (error instanceof ActRefusedError) return undefined;
    throw error;
  }
}

function shown(baseUrl: string, page: 'setup' | 'password', { secret, expiresAt }: MadeLink): ShownLink {
  return { url: linkUrl(baseUrl, page, secret), expiresAt: expiresAt.toISOString() };
}
