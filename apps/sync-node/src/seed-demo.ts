import { type Database, enableDemo } from '@meldesync/db';
import type { Role } from '@meldesync/protocol';
import { hashPassword } from 'better-auth/crypto';

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

/** Makes the demo's workspace and accounts where they are missing; roles that someone changed since stay. */
export async function seedDemo(database: Database): Promise<readonly DemoAccount[]> {
  const passwords = new Map(ACCOUNTS.map(({ email, password }) => [email, password]));
  await enableDemo(database, {
    workspace: WORKSPACE,
    people: ACCOUNTS.map(({ name, email, role }) => ({ name, email, role, isInstallationAdmin: role === 'admin' })),
    hash: ({ email }) => hashPassword(passwords.get(email) ?? ''),
  });
  return ACCOUNTS;
}
