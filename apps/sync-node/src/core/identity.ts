import type { LimitRole } from '@meldesync/protocol';

/** What is so of a session of a person in a browser, with all their rights. */
export const UNLIMITED = {
  kind: 'browser',
  maxRole: null,
  workspaceId: null,
  isInstallationAdmin: false,
  isShared: false,
  authenticatedAt: 0,
  expiresAt: Number.MAX_SAFE_INTEGER,
} as const satisfies Partial<Identity>;

/** Notes that the person of a session was there just now, or that a program used its token. */
export type NoteInput = (identity: Pick<Identity, 'sessionId'>) => void;

/** Whose rights a session has, and what of them it may use. */
export type Access = Pick<Identity, 'userId' | 'maxRole' | 'workspaceId'>;

/** Whose session stands, and what it may be used for. */
export interface Identity {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly sessionId: string;
  /** How it is used: by a browser, by a terminal, or by a program. */
  readonly kind: 'browser' | 'terminal' | 'service';
  /** What it may do at most, whatever its account may; null for all of that. */
  readonly maxRole: LimitRole | null;
  /** The one workspace that it may be used for; null for all of its account. */
  readonly workspaceId: string | null;
  readonly isInstallationAdmin: boolean;
  /** Others use the same device. */
  readonly isShared: boolean;
  /** When the person last proved who they are, in epoch milliseconds. */
  readonly authenticatedAt: number;
  /** When it ends unless there is input before, in epoch milliseconds. */
  readonly expiresAt: number;
}
