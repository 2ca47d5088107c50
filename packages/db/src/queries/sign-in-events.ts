import type { Executor } from '../connect.ts';
import { recordEvent } from './administration/act.ts';

/** What is on record of signing in and of what one signs in with. */
export interface SignInEvent {
  readonly kind:
    | 'sign-in'
    | 'sign-in-failed'
    | 'sign-in-slowed'
    | 'password-changed'
    | 'second-factor-set-up'
    | 'second-factor-removed'
    | 'recovery-codes-renewed'
    | 'passkey-added'
    | 'passkey-renamed'
    | 'passkey-removed';
  /** Whose account; undefined where what was typed leads to none. */
  readonly userId: string | undefined;
  /** The session that began, or in which it was done. */
  readonly sessionId?: string | undefined;
  /** The network address. */
  readonly address: string | null;
  /** Never what was typed. */
  readonly after?: Record<string, unknown>;
}

/** Puts it on record. Who fails to sign in is nobody yet: the service says so. */
export async function recordSignInEvent(executor: Executor, event: SignInEvent): Promise<void> {
  const { kind, userId, sessionId, address, after } = event;
  const subject = userId === undefined ? undefined : `user:${userId}`;
  const isNobody = kind === 'sign-in-failed' || kind === 'sign-in-slowed';
  const actor = isNobody || subject === undefined ? 'system' : subject;
  const about = { kind, ...(subject !== undefined && { subject }), ...(after && { after }) };
  await recordEvent(executor, { actor, sessionId: sessionId ?? null, address }, about);
}
