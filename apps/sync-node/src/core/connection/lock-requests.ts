import { type DownMessage, type Lock, type Role, roleAllows, type Unlock } from '@meldesync/protocol';
import type { LockHolder, NodeLocks } from '../../locks/node-locks.ts';
import type { NodeDatabase } from '../node-database.ts';
import type { LockAsked } from './connection-context.ts';

interface LockServices {
  readonly database: Pick<NodeDatabase, 'knownRecords'>;
  readonly locks: NodeLocks;
}

/** What answers a question for a lock. */
export type LockAnswer = Extract<DownMessage, { type: 'lock-granted' | 'lock-held' | 'error' }>;

/** How the question is measured. */
export function lockAsked(answer: LockAnswer): LockAsked {
  switch (answer.type) {
    case 'lock-granted':
      return 'granted';
    case 'lock-held':
      return 'held';
    case 'error':
      return answer.code === 'locks-unavailable' ? 'failed' : 'refused';
  }
}

type Asking = LockHolder & { readonly role: Role };

/**
 * Takes a lock for a client; the message that answers it. Only records of the client's own workspace can be locked. `isWanted`:
 * whether the client still waits for it.
 */
export async function answerLock(
  { database, locks }: LockServices,
  { role, ...holder }: Asking,
  { request, records, keepsOwn = false }: Lock,
  isWanted: () => boolean,
): Promise<LockAnswer> {
  if (!roleAllows(role, 'editor')) return { type: 'error', code: 'forbidden', request };
  const known = await database.knownRecords({ workspaceId: holder.workspace, ids: records });
  if (records.some((record) => !known.has(record))) return { type: 'error', code: 'record-not-found', request };
  const answer = await locks.acquire(holder, records, { isWanted, keepsOwn });
  switch (answer.outcome) {
    case 'granted':
      return { type: 'lock-granted', request, lock: answer.lock };
    case 'held':
      return { type: 'lock-held', request, locks: [...answer.locks] };
    case 'refused':
      return { type: 'error', code: answer.code, request };
  }
}

/** Ends a lock for a client; the message that answers it. */
export async function answerUnlock(
  { locks }: LockServices,
  { role, workspace, user, origin }: Asking,
  { request, lock }: Unlock,
): Promise<DownMessage> {
  if (!roleAllows(role, 'editor')) return { type: 'error', code: 'forbidden', request };
  const answer = await locks.end({ workspace, user, isAdmin: role === 'admin', origin }, lock);
  return answer === 'unlocked' ? { type: 'unlocked', request } : { type: 'error', code: answer, request };
}
