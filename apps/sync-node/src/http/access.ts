/**
 * Who may use a route. What stands for a role in a workspace is asked of its members; `workspace-admin` means its admins and whoever
 * administers the installation, of people alone: a program administers nothing.
 */
export type RouteAccess =
  /** Also who is not signed in. What such a route asks for instead (a secret, a password, a signature) is in what it takes. */
  | 'anybody'
  /** Whoever is signed in, programs too. */
  | 'account'
  /** Whoever is signed in, but for programs. */
  | 'person'
  | 'member'
  | 'editor'
  /** Auditors and admins. */
  | 'auditor'
  /** Admins of the workspace, programs too. */
  | 'admin'
  | 'workspace-admin'
  | 'installation-admin'
  /** Who has the role of an admin in at least one workspace. */
  | 'any-admin';

/** What a route says of who may use it. */
export interface DeclaredAccess {
  readonly who: RouteAccess;
  /** A session whose person proved who they are within the last 15 minutes. */
  readonly proof?: 'recent';
}

/** Where the description of a route says who may use it. */
export const ACCESS_FIELD = 'x-meldesync-access';

/**
 * Says of a route who may use it, as a part of its description. It says so and does nothing: `authorisation-matrix.test.ts` asks as
 * each, and fails over a route that says nothing.
 */
export function access(who: RouteAccess, proof?: 'recent'): { readonly [ACCESS_FIELD]: DeclaredAccess } {
  return { [ACCESS_FIELD]: proof === undefined ? { who } : { who, proof } };
}
