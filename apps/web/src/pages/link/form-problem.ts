import type { ErrorCode } from '@meldesync/protocol';

/** A field of a form that a one-time link opens. */
export type LinkField = 'name' | 'email' | 'password' | 'workspace';

/** The field that a refusal is about; null where it is about none, or not about one alone. */
export function fieldOf(code: ErrorCode, fields: readonly LinkField[]): LinkField | null {
  if (code.startsWith('password-')) return 'password';
  if (code === 'email-invalid' || code === 'email-taken') return 'email';
  if (code === 'workspace-name-taken') return 'workspace';
  // A workspace has a name too.
  return code === 'name-invalid' && !fields.includes('workspace') ? 'name' : null;
}

/** Whether a code says that the link itself does not work, and never will. */
export function isLinkProblem(code: ErrorCode): boolean {
  return code === 'link-unknown' || code === 'link-expired' || code === 'link-used';
}
