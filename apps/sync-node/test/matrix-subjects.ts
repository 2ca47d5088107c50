import { type LimitRole, limitRole } from '@meldesync/protocol';
import type { Cluster, TestPerson } from '@meldesync/testkit';
import { addTeam } from './administration-setup.ts';

/** Whoever may ask: each is let in, or kept out, for another reason. */
export const SUBJECTS = [
  'anonymous',
  // Signed in once, but no more.
  'expired',
  'revoked',
  'disabled',
  // Signed in, and nobody in the workspace: the first three were its admins.
  'suspended',
  'over',
  'removed',
  'outsider',
  'elsewhere-admin',
  'elsewhere-token',
  'installation',
  // Members, and programs of the workspace with the role of an admin and tokens of each scope.
  'viewer',
  'editor',
  'auditor',
  'admin',
  'token-viewer',
  'token-editor',
  'token-admin',
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** Who has a bearer token; nobody else has any. */
export type Subjects = Readonly<Record<Subject, { readonly token: string } | undefined>>;

/** Adds one of each to a cluster, each with a session of their own. */
export async function addSubjects(cluster: Cluster): Promise<Subjects> {
  const { outsider, viewer, editor, auditor, admin, installation } = await addTeam(cluster);
  const elsewhere = await cluster.addWorkspace(`Nebenklinik ${crypto.randomUUID()}`);
  const adminOf = (name: string, workspace = cluster.workspace) =>
    cluster.addPerson(name, { workspace, role: 'admin' });
  const [expired, revoked, disabled, suspended, over, removed] = await Promise.all(
    ['Egon Ende', 'Rita Raus', 'Dora Dicht', 'Sven Sperre', 'Ovid Vorbei', 'Ralf Weg'].map((name) => adminOf(name)),
  );
  if (!expired || !revoked || !disabled || !suspended || !over || !removed) throw new Error('somebody is missing');
  const elsewhereAdmin = await adminOf('Nele Neben', elsewhere);
  const change = (sql: string, { id }: TestPerson) => cluster.sql(sql, [id]);
  await change(`update auth.session set expires_at = now() - interval '1 second' where user_id = $1`, expired);
  await change('delete from auth.session where user_id = $1', revoked);
  await change('update auth."user" set disabled_at = now() where id = $1', disabled);
  await change('update members set suspended_at = now() where user_id = $1', suspended);
  await change(`update members set expires_at = now() - interval '1 second' where user_id = $1`, over);
  await change('delete from members where user_id = $1', removed);
  const [[elsewhereToken], [tokenViewer, tokenEditor, tokenAdmin]] = await Promise.all([
    addProgram(cluster, elsewhereAdmin, { workspace: elsewhere, scopes: ['admin'] }),
    addProgram(cluster, admin, { workspace: cluster.workspace, scopes: limitRole.options }),
  ]);
  return {
    anonymous: undefined,
    expired,
    revoked,
    disabled,
    suspended,
    over,
    removed,
    outsider,
    'elsewhere-admin': elsewhereAdmin,
    'elsewhere-token': elsewhereToken,
    installation,
    viewer,
    editor,
    auditor,
    admin,
    'token-viewer': tokenViewer,
    'token-editor': tokenEditor,
    'token-admin': tokenAdmin,
  };
}

interface ProgramInput {
  readonly workspace: string;
  /** Of each token. */
  readonly scopes: readonly LimitRole[];
}

/** A program with the role of an admin, which somebody has made; its tokens. */
async function addProgram(
  cluster: Cluster,
  admin: TestPerson,
  { workspace, scopes }: ProgramInput,
): Promise<{ readonly token: string }[]> {
  const administration = cluster.administration(admin);
  const { member } = await administration.createServiceAccount(workspace, { name: 'Skript', role: 'admin' });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return Promise.all(
    scopes.map(async (maxRole) => {
      const { secret } = await administration.createToken(workspace, member.id, { label: maxRole, maxRole, expiresAt });
      return { token: secret };
    }),
  );
}
