import { createHash } from 'node:crypto';
import { type Database, ensureWorkspace, setMember } from '@meldesync/db';
import { type Role, TOKEN_HEADER } from '@meldesync/protocol';
import { createAuth, newSessionToken, PasswordChecks } from '@meldesync/sync-node';

/** Makes the token of a session that a test writes itself. */
export { newSessionToken };

/** Someone who is signed in. */
export interface TestPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** Bearer token of their session, signed. */
  readonly token: string;
}

/** A cookie that signs its bearer in. */
export interface SessionCookie {
  readonly name: string;
  readonly value: string;
}

export interface PeopleOptions {
  readonly database: Database;
  readonly authSecret: string;
  readonly baseUrl: string;
}

const PASSWORD = 'correct-horse-battery';

/** To hash a password takes about 0.1 s of a processor, and everybody here has the same. */
const passwordHash = new PasswordChecks().hash(PASSWORD);

/** The password of everybody here, with its hash, for accounts that are written straight to the database. */
export async function sharedPassword(): Promise<{ readonly password: string; readonly hash: string }> {
  return { password: PASSWORD, hash: await passwordHash };
}

const samePassword = {
  hash: () => passwordHash,
  verify: async ({ password }: { password: string }) => password === PASSWORD,
};

/** What `auth.session.token` holds of the session that somebody's token is of. */
export function storedToken({ token }: Pick<TestPerson, 'token'>): string {
  const [unsigned = ''] = decodeURIComponent(token).split('.');
  return createHash('sha256').update(unsigned).digest('hex');
}

/** Adds people and workspaces to a cluster. */
export function createPeople(options: PeopleOptions) {
  const auth = createAuth({
    ...options,
    secret: options.authSecret,
    trustedOrigins: [],
    oidc: undefined,
    allowSignUp: true,
    passwords: samePassword,
  });
  let count = 0;
  return {
    addWorkspace: (name: string) => ensureWorkspace(options.database.drizzle, name),
    /** Signs a new person up, with a role in a workspace or in none. */
    addPerson: async (name: string, membership?: { workspace: string; role: Role }): Promise<TestPerson> => {
      count += 1;
      const email = `person${count}@test.example`;
      const body = { email, password: PASSWORD, name };
      const { headers, response } = await auth.api.signUpEmail({ body, returnHeaders: true });
      const token = headers.get(TOKEN_HEADER);
      if (token === null) throw new Error('sign-up gave no session');
      const { user } = response;
      if (membership) await setMember(options.database.drizzle, membership.workspace, user.id, membership.role);
      return { id: user.id, name, email, password: PASSWORD, token };
    },
    /** Signs a person in once more, past the limits that sign-in has over HTTP. */
    openSession: async ({ email, password }: TestPerson): Promise<SessionCookie> => {
      const { headers } = await auth.api.signInEmail({ body: { email, password }, asResponse: true });
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(headers.getSetCookie()[0] ?? '') ?? [];
      if (name === undefined || value === undefined) throw new Error('sign-in gave no cookie');
      return { name, value };
    },
  };
}
