import { newSessionToken, runSql } from '@meldesync/testkit';

/** Somebody who is signed in. */
export interface BenchPerson {
  readonly id: string;
  readonly email: string;
  /** Bearer token of their session. */
  readonly token: string;
}

interface AddPeopleInput {
  readonly ownerUrl: string;
  /** What the nodes sign sessions with. */
  readonly authSecret: string;
  readonly workspace: string;
  readonly count: number;
  /** What their ids begin with, where there are others already. */
  readonly prefix?: string;
  /** Of a password that all of them can sign in with too. */
  readonly passwordHash?: string;
}

/**
 * Adds editors of a workspace who are signed in, in one step: to sign thousands up, each with the slow hash of a password
 * of their own, would take longer than what is measured.
 */
export async function addPeople(input: AddPeopleInput): Promise<BenchPerson[]> {
  const { ownerUrl, authSecret, workspace, count, prefix = 'person', passwordHash } = input;
  const people = Array.from({ length: count }, (_, index) => {
    const id = `${prefix}-${index + 1}`;
    return { id, email: `${id}@test.example`, ...newSessionToken(authSecret) };
  });
  await runSql(
    ownerUrl,
    `with person as (select * from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as person(id, email, hash, key)),
          known as (insert into auth."user" (id, name, email) select id, id, email from person),
          signed_in as (insert into auth.session (id, user_id, token, key_id, expires_at)
                        select 'session-of-' || id, id, hash, key, now() + interval '7 days' from person),
          with_password as (insert into auth.account (id, account_id, provider_id, user_id, password)
                            select 'account-of-' || id, id, 'credential', id, $6 from person where $6::text is not null)
     insert into members (workspace_id, user_id, role) select $1, id, 'editor' from person`,
    [
      workspace,
      people.map(({ id }) => id),
      people.map(({ email }) => email),
      people.map(({ hash }) => hash),
      people.map(({ keyId }) => keyId),
      passwordHash ?? null,
    ],
  );
  return people;
}
