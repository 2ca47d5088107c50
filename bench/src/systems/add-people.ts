import { newSessionToken, runSql } from '@meldesync/testkit';

/** Somebody who is signed in. */
export interface BenchPerson {
  readonly id: string;
  /** Bearer token of their session. */
  readonly token: string;
}

interface AddPeopleInput {
  readonly ownerUrl: string;
  /** What the nodes sign sessions with. */
  readonly authSecret: string;
  readonly workspace: string;
  readonly count: number;
}

/**
 * Adds editors of a workspace who are signed in, in one step: to sign thousands up, each with the slow hash of a password
 * that nobody needs, would take longer than what is measured.
 */
export async function addPeople({ ownerUrl, authSecret, workspace, count }: AddPeopleInput): Promise<BenchPerson[]> {
  const people = Array.from({ length: count }, (_, index) => ({
    id: `person-${index + 1}`,
    ...newSessionToken(authSecret),
  }));
  await runSql(
    ownerUrl,
    `with person as (select * from unnest($2::text[], $3::text[], $4::text[]) as person(id, hash, key)),
          known as (insert into auth."user" (id, name, email) select id, id, id || '@test.example' from person),
          signed_in as (insert into auth.session (id, user_id, token, key_id, expires_at)
                        select 'session-of-' || id, id, hash, key, now() + interval '7 days' from person)
     insert into members (workspace_id, user_id, role) select $1, id, 'editor' from person`,
    [workspace, people.map(({ id }) => id), people.map(({ hash }) => hash), people.map(({ keyId }) => keyId)],
  );
  return people;
}
