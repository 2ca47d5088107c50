import { administersInstallation, type Database } from '@meldesync/db';
import type { BetterAuthPlugin } from 'better-auth';
import { createAuthMiddleware } from 'better-auth/api';
import { CodedError } from '../coded-error.ts';

/** Who may sign in with a password, and have one. */
export type PasswordPolicy = 'on' | 'off' | 'administrators';

const PATH = '/sign-in/email';

/** Throws `passwords-off` unless this account may have a password. */
export function requirePasswords(policy: PasswordPolicy, account: { readonly isInstallationAdmin: boolean }): void {
  if (policy === 'on' || (policy === 'administrators' && account.isInstallationAdmin)) return;
  throw new CodedError('passwords-off', 'passwords are switched off');
}

/**
 * Refuses to sign in with a password where it is switched off. Where it is left to administrators, only who knew the password is told:
 * nobody is to find out by it who administers.
 */
export function passwordPolicyPlugin(policy: PasswordPolicy, database: Database) {
  return {
    id: 'meldesync-password-policy',
    init: () => ({
      options: {
        databaseHooks: {
          session: {
            create: {
              before: async ({ userId }, ctx) => {
                if (policy !== 'administrators' || ctx?.path !== PATH) return;
                requirePasswords(policy, {
                  isInstallationAdmin: await administersInstallation(database.drizzle, userId),
                });
              },
            },
          },
        },
      },
    }),
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === PATH,
          handler: createAuthMiddleware(async () => {
            if (policy === 'off') requirePasswords(policy, { isInstallationAdmin: false });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}
