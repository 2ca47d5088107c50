import type { ErrorCode, MessageAccess } from '@meldesync/protocol';
import type { DeclaredAccess, RouteAccess } from '../src/http/access.ts';
import { SIGN_IN_PREFIX } from '../src/http/sign-in-routes.ts';
import { SUBJECTS, type Subject } from './matrix-subjects.ts';

/** What refuses for want of rights; whoever is let through hears something else. */
export const REFUSALS = [
  'unauthenticated',
  'forbidden',
  'workspace-not-found',
  'reauthentication-needed',
  'second-factor-needed',
  'foreign-origin',
  'signed-in-as-another',
] as const satisfies readonly ErrorCode[];
/** Null for who is let through. */
export type Refusal = (typeof REFUSALS)[number] | null;

const SIGNED_OUT: ReadonlySet<Subject> = new Set(['anonymous', 'expired', 'revoked', 'disabled']);
const PROGRAMS: ReadonlySet<Subject> = new Set(['elsewhere-token', 'token-viewer', 'token-editor', 'token-admin']);
/** What each is in the workspace that is asked about, as its routes see it; the others are nothing there. */
const ROLES: Partial<Record<Subject, 'viewer' | 'editor' | 'auditor' | 'admin'>> = {
  viewer: 'viewer',
  editor: 'editor',
  auditor: 'auditor',
  admin: 'admin',
  'token-viewer': 'viewer',
  'token-editor': 'editor',
  'token-admin': 'admin',
};
const ADMINS_SOMEWHERE: ReadonlySet<Subject> = new Set(['admin', 'token-admin', 'elsewhere-admin', 'elsewhere-token']);

/** Below a workspace nobody learns of it who has nothing to do with it. */
const inWorkspace = (subject: Subject, allowed: readonly string[]): Refusal => {
  const role = ROLES[subject];
  if (role === undefined) return 'workspace-not-found';
  return allowed.includes(role) ? null : 'forbidden';
};

/** Of who is signed in. */
const BY_ACCESS: Readonly<Record<RouteAccess, (subject: Subject, isInWorkspace: boolean) => Refusal>> = {
  anybody: () => null,
  account: () => null,
  person: (subject) => (PROGRAMS.has(subject) ? 'forbidden' : null),
  member: (subject) => inWorkspace(subject, ['viewer', 'editor', 'auditor', 'admin']),
  editor: (subject) => inWorkspace(subject, ['editor', 'admin']),
  auditor: (subject) => inWorkspace(subject, ['auditor', 'admin']),
  admin: (subject) => inWorkspace(subject, ['admin']),
  'workspace-admin': (subject) => {
    if (subject === 'installation') return null;
    return inWorkspace(subject, PROGRAMS.has(subject) ? [] : ['admin']);
  },
  'installation-admin': (subject, isInWorkspace) => {
    if (subject === 'installation') return null;
    return isInWorkspace ? inWorkspace(subject, []) : 'forbidden';
  },
  'any-admin': (subject) => (ADMINS_SOMEWHERE.has(subject) ? null : 'forbidden'),
};

/** What each hears under a path for which that is declared. */
export function expectedOf({ who }: DeclaredAccess, path: string): Record<Subject, Refusal> {
  return forEach((subject) => {
    if (who === 'anybody') return null;
    if (SIGNED_OUT.has(subject)) return 'unauthenticated';
    // What signs people in knows no programs: to it they are nobody.
    if (path.startsWith(SIGN_IN_PREFIX) && PROGRAMS.has(subject)) return 'unauthenticated';
    return BY_ACCESS[who](subject, path.includes('{workspace}'));
  });
}

/** How a connection ends, or what it is refused; null for who is let through. */
export type MessageRefusal = 'closed 4401' | 'closed 4403' | 'forbidden' | null;

/** What each hears who says something for which that is declared. */
export function expectedOfMessage(access: MessageAccess): Record<Subject, MessageRefusal> {
  return forEach((subject) => {
    if (SIGNED_OUT.has(subject)) return 'closed 4401';
    if (access === 'account') return null;
    const refusal = BY_ACCESS[access](subject, true);
    return refusal === 'workspace-not-found' ? 'closed 4403' : refusal === null ? null : 'forbidden';
  });
}

/** One entry for each, in their order. */
export function forEach<Value>(of: (subject: Subject) => Value): Record<Subject, Value> {
  return Object.fromEntries(SUBJECTS.map((subject) => [subject, of(subject)])) as Record<Subject, Value>;
}
