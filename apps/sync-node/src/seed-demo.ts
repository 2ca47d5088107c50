import { type Database, ensureWorkspace, findUserByEmail, setMember } from '@meldesync/db';
import { type Role, TOKEN_HEADER } from '@meldesync/protocol';
import { createAuth } from './auth/auth.ts';

/** A way to sign in to the demo. */
export interface DemoAccount {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly role: Role;
}

const WORKSPACE = 'Humangenetik';

const ACCOUNTS: readonly DemoAccount[] = [
  { email: 'admin@demo.example', password: 'demo-admin-2026', name: 'Demo Administration', role: 'admin' },
  { email: 'team1@demo.example', password: 'demo-team1-2026', name: 'Demo Bearbeitung 1', role: 'editor' },
  { email: 'team2@demo.example', password: 'demo-team2-2026', name: 'Demo Bearbeitung 2', role: 'editor' },
  { email: 'lesen@demo.example', password: 'demo-lesen-2026', name: 'Demo Lesen', role: 'viewer' },
];

export interface SeedDemoOptions {
  readonly database: Database;
  readonly authSecret: string;
  readonly baseUrl: string;
}

/** Makes the demo's workspace and accounts where they are missing; roles that someone changed since stay. */
export async function seedDemo(options: SeedDemoOptions): Promise<readonly DemoAccount[]> {
  const { database } = options;
  const auth = createAuth({
    database,
    secret: options.authSecret,
    baseUrl: options.baseUrl,
    trustedOrigins: [],
    oidc: undefined,
    allowSignUp: true,
  });
  const workspace = await ensureWorkspace(database.drizzle, WORKSPACE);
  for (const { email, password, name, role } of ACCOUNTS) {
    if (await findUserByEmail(database.drizzle, email)) continue;
    const { headers, response } = await auth.api.signUpEmail({ body: { email, password, name }, returnHeaders: true });
    const { user } = response;
    // Signing up signs in: nobody is to find a session in their list that is not theirs.
    await auth.api.signOut({ headers: new Headers({ authorization: `Bearer ${headers.get(TOKEN_HEADER)}` }) });
    await setMember(database.drizzle, workspace, user.id, role);
  }
  return ACCOUNTS;
}
