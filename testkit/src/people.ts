import { type Database, ensureWorkspace, setMember } from '@meldesync/db';
import type { Role } from '@meldesync/protocol';
import { createAuth } from '@meldesync/sync-node';

/** Someone who is signed in. */
export interface TestPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** Bearer token of their session. */
  readonly token: string;
}

export interface PeopleOptions {
  readonly database: Database;
  readonly authSecret: string;
  readonly baseUrl: string;
}

const PASSWORD = 'correct-horse-battery';

/** Adds people and workspaces to a cluster. */
export function createPeople(options: PeopleOptions) {
  const auth = createAuth({
    ...options,
    secret: options.authSecret,
    trustedOrigins: [],
    oidc: undefined,
    allowSignUp: true,
  });
  let count = 0;
  return {
    addWorkspace: (name: string) => ensureWorkspace(options.database.drizzle, name),
    /** Signs a new person up, with a role in a workspace or in none. */
    addPerson: async (name: string, membership?: { workspace: string; role: Role }): Promise<TestPerson> => {
      count += 1;
      const email = `person${count}@test.example`;
      const { token, user } = await auth.api.signUpEmail({ body: { email, password: PASSWORD, name } });
      if (token === null) throw new Error('sign-up gave no session');
      if (membership) await setMember(options.database.drizzle, membership.workspace, user.id, membership.role);
      return { id: user.id, name, email, password: PASSWORD, token };
    },
  };
}
